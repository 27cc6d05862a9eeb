import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import { stringify } from "yaml";
import { poll } from "../../src/base/time.ts";
import { aplomo, aplomoWhile, finishedOf, type AgendaRig, type Run } from "../support/agenda.ts";
import { buildFixture } from "../support/compose.ts";
import { edgeProgram } from "../support/edge-rigs.ts";
import { swarmFront } from "../support/swarm-edge.ts";
import { onEngine, onManager, whyNoSwarm } from "../support/swarm.ts";
import { textOf } from "../support/text-of.ts";
import { twoManagers, type Server } from "../support/two-managers.ts";

// They take the lab's second node away for a while, and wait for the swarm to notice.
const full = process.env["APLOMO_TEST_FULL"] ? false : "they disturb whoever else is on the lab's swarm: script/test --full";

describe("a swarm of several nodes", { skip: (await whyNoSwarm()) ?? (edgeProgram("caddy").skip || full) }, () => {
  it("that loses one during a deploy ends with the new release or the old one, whichever, and serves", async () => {
    const front = await swarmFront();
    try {
      await front.put("1");
      assert.equal((await front.run("deploy")).code, 0);
      for (const [version, behaviour] of [
        ["2", "good"],
        ["3", "crashes"],
      ] as const) {
        const before = await textOf(front.url);
        await front.put(version, behaviour);
        const run = front.run("deploy");
        const begun = async (): Promise<true | undefined> =>
          (await onManager("service", "ls", "--format", "{{.Name}}", "--filter", `label=aplomo.beside=${front.rig.app}`)).includes("\n") ||
          undefined;
        await poll(begun, { limit: 20_000, every: 100 });
        await onEngine("network", "disconnect", "lab", "s2");
        const done = await run.finally(mended);
        const { outcome } = finishedOf(done);
        console.log(`a node lost while ${version} (${behaviour}) was deployed: ${outcome}`);
        if (behaviour === "crashes") assert.equal(outcome, "undone", done.output.slice(-3_000));
        assert.match(outcome, /^(deployed|undone)$/, done.output.slice(-3_000));
        assert.equal(await poll(() => textOf(front.url), { limit: 20_000 }), outcome === "deployed" ? version : before);
        const whole = await poll(async () => ((await front.run("status")).code === 0 ? true : undefined), { limit: 60_000, every: 1_000 });
        assert.ok(whole, "every task of the release in front runs");
      }
    } finally {
      await mended();
      await front.close();
    }
  });

  it("is changed from a manager that is not the leader; while it has no leader a deploy waits, and is refused at last, and what runs goes on", async () => {
    const { leader, other, close } = await twoManagers();
    const home = await mkdtemp(join(tmpdir(), "aplomo-leader-"));
    const image = `${process.env["APLOMO_LAB_REGISTRY"]}/aplomo-test/${basename(home).toLowerCase()}:latest`;
    const url = `http://${other.address}:3000`;
    const rig = {
      folder: home,
      env: { ...process.env, DOCKER_HOST: other.socket, APLOMO_HOME: join(home, "home") },
    } as unknown as AgendaRig;
    const run = (...args: string[]): Promise<Run> => aplomo(rig, ...args);
    const put = async (version: string, behaviour: "good" | "crashes" = "good"): Promise<void> => {
      await onEngine("tag", await buildFixture(version), image);
      await onEngine("push", "--quiet", image);
      const target = { kind: "swarm", service: "web", image, start_timeout: "120s" };
      const health = { path: "/", port: 3000, within: "20s", watch: "1s" };
      await writeFile(join(home, ".env"), `BEHAVIOUR=${behaviour}\n`, { mode: 0o600 });
      await writeFile(join(home, "aplomo.yml"), stringify({ app: "web", target, env: { file: ".env" }, health }));
    };
    try {
      await put("1");
      const words = "--constraint node.hostname==NAME --publish mode=host,published=3000,target=3000 --stop-grace-period 1s --replicas 0";
      await leader.docker(
        "service",
        "create",
        "--detach",
        "--quiet",
        "--name",
        "web",
        ...words.replace("NAME", other.name).split(" "),
        image,
      );
      const first = await run("deploy");
      assert.equal(finishedOf(first).outcome, "deployed", first.output.slice(-3_000));
      assert.equal(await textOf(url), "1");
      await put("2", "crashes");
      assert.equal(finishedOf(await run("deploy")).outcome, "undone");
      assert.equal(await textOf(url), "1");
      await put("2");
      // The leader stops in the middle of it, and is back when the other has noticed: nobody could be asked in between.
      const begun = performance.now();
      let back: Promise<unknown> = Promise.resolve();
      const done = await aplomoWhile(
        rig,
        "switch.units",
        () =>
          void (back = onEngine("pause", leader.name)
            .then(() => poll(() => noLeader(other), { limit: 90_000, every: 500 }))
            .finally(() => onEngine("unpause", leader.name))),
        "deploy",
      );
      await back;
      const { outcome } = finishedOf(done);
      console.log(`the leader was lost for a while within a deploy: ${outcome} after ${Math.round((performance.now() - begun) / 1_000)} s`);
      assert.match(outcome, /^(deployed|undone)$/, done.output.slice(-3_000));
      const serving = outcome === "deployed" ? "2" : "1";
      assert.equal(await poll(() => textOf(url), { limit: 20_000 }), serving);
      await onEngine("pause", leader.name);
      await poll(() => noLeader(other), { limit: 90_000, every: 500 });
      await put("3");
      const refused = await run("deploy");
      assert.notEqual(refused.code, 0);
      assert.match(refused.output, /does not have a leader.*docker node ls/s);
      assert.equal(await textOf(url), serving);
      await onEngine("unpause", leader.name);
      const last = await run("deploy");
      assert.equal(finishedOf(last).outcome, "deployed", last.output.slice(-3_000));
      assert.equal(await textOf(url), "3");
    } finally {
      await onEngine("unpause", leader.name).catch(() => "");
      await close();
      await onEngine("rmi", image).catch(() => "");
      await rm(home, { recursive: true, force: true });
    }
  });
});

/** It has noticed that its leader is gone. */
async function noLeader({ docker }: Server): Promise<true | undefined> {
  return (await docker("info", "--format", "{{.Swarm.Error}}").catch(() => "")).includes("does not have a leader") || undefined;
}

/** The cable is in again, and the swarm knows. */
async function mended(): Promise<void> {
  const attached = await onEngine("inspect", "--format", "{{json .NetworkSettings.Networks}}", "s2");
  if (!attached.includes('"lab"')) await onEngine("network", "connect", "--ip", "172.30.0.12", "lab", "s2");
  const ready = async (): Promise<true | undefined> =>
    (await onManager("node", "inspect", "s2", "--format", "{{.Status.State}}")) === "ready" || undefined;
  assert.ok(await poll(ready, { limit: 60_000, every: 500 }), "s2 is back");
}
