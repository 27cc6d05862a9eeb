import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { poll } from "../../src/base/time.ts";
import { openEdge, type EdgeChoice } from "../../src/edges/index.ts";
import { local } from "../../src/host/local.ts";
import { ask, EdgeLoad } from "../support/edge-client.ts";
import { freePort } from "../support/edge-rig.ts";
import { edgeProgram } from "../support/edge-rigs.ts";
import { EdgeUnits } from "../support/edge-units.ts";

/** The edges that Aplomo runs, as containers: what differs from processes is how they start, and who starts them again. */
for (const kind of ["caddy", "kamal-proxy"] as const) {
  const { program, skip } = edgeProgram(kind);
  describe(`edge ${kind} in a container`, { skip }, () => {
    const units = new EdgeUnits();
    const image = `aplomo-test/edge-${kind}:${process.pid}`;
    let home: string;
    let choice: EdgeChoice;
    before(async () => {
      home = await mkdtemp(join(tmpdir(), "aplomo-edge-"));
      await copyFile(program, join(home, basename(program)));
      await writeFile(join(home, "Dockerfile"), `FROM scratch\nCOPY ${basename(program)} /${kind}\n`);
      await local.run({ argv: ["docker", "build", "--quiet", "--tag", image, home], env: { DOCKER_BUILDKIT: "0" } });
      choice = { kind, run: { image, program: `/${kind}` }, ports: { http: await freePort(), https: await freePort() } };
    });
    after(async () => {
      await units.close();
      for (const id of await containers()) await local.attempt({ argv: ["docker", "container", "rm", "--force", id] });
      await local.attempt({ argv: ["docker", "image", "rm", image] });
      await rm(home, { recursive: true, force: true });
    });

    it("switches without a lost request, is started again by the engine, and goes with its last application", async () => {
      const site = { app: "shop", hosts: ["shop.test"], path: "/", https: false, certificate: null, health: "/health", drain: 5_000 };
      const ctx = { host: local, emit: () => {}, signal: new AbortController().signal, home, now: () => new Date() };
      const edge = openEdge(ctx, site, choice);
      const door = { port: choice.kind === kind ? choice.ports.http : 0, host: "shop.test" };
      assert.deepEqual((await edge.inspect()).refusals, []);
      await edge.ensure();
      await edge.ensure();
      const [first, second] = [await units.start("a"), await units.start("b")];
      await edge.point([first]);
      const load = new EdgeLoad(door, 50);
      await edge.point([second]);
      load.gone("a");
      await edge.drain([first]);
      await first.kill();
      await edge.hold(30_000);
      await edge.resume();
      const tally = await load.stop();
      assert.deepEqual(tally.misses, []);
      assert.equal(tally.late, 0);

      const [id] = await containers();
      const { stdout } = await local.run({ argv: ["docker", "container", "inspect", "--format", "{{.State.Pid}}", String(id)] });
      process.kill(Number(stdout), "SIGKILL");
      const again = await poll(
        () =>
          ask(door, "/", { timeout: 1_000 }).then(
            ({ name, status }) => (status === 200 ? name : undefined),
            () => undefined,
          ),
        { limit: 20_000 },
      );
      assert.equal(again, "b");
      await edge.remove();
      assert.deepEqual(await containers(), []);
    });

    async function containers(): Promise<string[]> {
      const { stdout } = await local.run({ argv: ["docker", "container", "ls", "--all", "--quiet", "--filter", `ancestor=${image}`] });
      return stdout.split("\n").filter(Boolean);
    }
  });
}
