import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { stringify } from "yaml";
import { readIfPresent } from "../../../src/host/files.ts";
import { get } from "../../../src/host/http.ts";
import { aplomo, finishedOf, type AgendaRig } from "../../support/agenda.ts";
import { whyNoEdge } from "../../support/agenda-edge.ts";
import { buildFixture, docker } from "../../support/compose.ts";
import { freePort } from "../../support/edge-rig.ts";
import { edgeProgram } from "../../support/edge-rigs.ts";
import { steadyClient } from "../../support/strict-client.ts";

describe("two services of one application, each behind its own host name", { skip: whyNoEdge("compose", "caddy") }, () => {
  it("are switched together, and neither loses a request", async () => {
    const folder = await mkdtemp(join(tmpdir(), "aplomo-sites-"));
    const app = `sites-${process.pid}`;
    const [http, https] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${http}/`;
    const rig = { folder, env: { ...process.env, APLOMO_HOME: join(folder, "home") } } as unknown as AgendaRig;
    const put = async (version: string): Promise<void> => {
      const image = await buildFixture(version);
      const service = { image, expose: ["3000"], restart: "unless-stopped", stop_grace_period: "3s" };
      await writeFile(join(folder, "compose.yml"), stringify({ services: { web: service, api: service } }));
      const edge = {
        kind: "caddy",
        program: edgeProgram("caddy").program,
        ports: { http, https },
        drain: "5s",
        service: "web",
        hosts: ["invex.test", "www.invex.test"],
        sites: { api: { hosts: ["back.invex.test"], health: "/" } },
      };
      const target = { kind: "compose", files: ["compose.yml"], project: app };
      await writeFile(
        join(folder, "aplomo.yml"),
        stringify({ app, target, edge, health: { path: "/", service: "web", within: "20s", watch: "1s" } }),
      );
    };
    const expect = async (...args: string[]): Promise<ReturnType<typeof finishedOf>> => {
      const run = await aplomo(rig, ...args);
      assert.equal(run.code, 0, run.output.slice(-3_000));
      return finishedOf(run);
    };
    const bodies = (): Promise<string[]> =>
      Promise.all(["invex.test", "www.invex.test", "back.invex.test"].map(async (host) => (await get(url, 5_000, host)).body));
    const clients = ["www.invex.test", "back.invex.test"].map((host) => steadyClient(url, 0, host));
    try {
      await put("1");
      await expect("deploy");
      assert.deepEqual(await bodies(), ["1", "1", "1"]);
      for (const client of clients) client.faster(50);
      await put("2");
      const { previous } = await expect("deploy");
      assert.deepEqual(await bodies(), ["2", "2", "2"]);
      await expect("rollback", String(previous));
      assert.deepEqual(await bodies(), ["1", "1", "1"]);
      for (const client of clients) {
        const { answered, failed } = await client.stop();
        assert.deepEqual(failed, []);
        assert.ok(answered > 100, `${answered} answered`);
      }
    } finally {
      for (const client of clients) await client.stop();
      const pid = Number(await readIfPresent(join(folder, "home/edge/caddy/aplomo-edge-caddy.pid")));
      if (pid > 0) process.kill(pid, "SIGKILL");
      const ids = (await docker("ps", "--all", "--quiet", "--filter", `label=com.docker.compose.project=${app}`))
        .split("\n")
        .filter(Boolean);
      if (ids.length > 0) await docker("rm", "--force", ...ids);
      await docker("network", "rm", `${app}_default`).catch(() => "");
      await rm(folder, { recursive: true, force: true });
    }
  });
});
