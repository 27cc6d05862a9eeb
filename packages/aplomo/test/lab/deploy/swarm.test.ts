import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { stringify } from "yaml";
import { poll } from "../../../src/base/time.ts";
import { aplomo, failureOf, finishedOf, type Run } from "../../support/agenda.ts";
import { swarmRig, whyNoSwarm } from "../../support/swarm.ts";
import { textOf } from "../../support/text-of.ts";

describe("deploying a service of a swarm", { skip: (await whyNoSwarm()) ?? false }, () => {
  it("ends in the new release or the old one, and goes back by digest", async () => {
    const rig = await swarmRig();
    const env = { ...process.env, APLOMO_HOME: join(rig.folder, "home") };
    const run = (...args: string[]): Promise<Run> => aplomo({ folder: rig.folder, env }, ...args);
    const put = async (version: string, behaviour: "good" | "crashes" | "exits" | "never-listens"): Promise<void> => {
      await rig.change({ version, behaviour });
      const target = { kind: "swarm", service: rig.app, image: rig.image, replicas: 1, start_timeout: "60s" };
      const health = { path: "/", port: 3000, within: "10s", watch: "5s" };
      await writeFile(join(rig.folder, ".env"), `BEHAVIOUR=${behaviour}\n`, { mode: 0o600 });
      await writeFile(join(rig.folder, "aplomo.yml"), stringify({ app: rig.app, target, env: { file: ".env" }, health }));
    };
    const serves = async (version: string): Promise<void> => assert.equal(await poll(() => textOf(rig.url), { limit: 15_000 }), version);
    try {
      await put("1", "good");
      assert.equal(finishedOf(await run("deploy")).outcome, "deployed");
      await serves("1");
      for (const [behaviour, step] of [
        ["crashes", /switch\.units|prove\.health/],
        ["exits", /switch\.units|prove\.(health|stability)/],
        ["never-listens", /prove\.health/],
      ] as const) {
        await put("2", behaviour);
        const undone = await run("deploy");
        assert.equal(finishedOf(undone).outcome, "undone", undone.output.slice(-3_000));
        assert.equal(undone.code, 1);
        assert.match(failureOf(undone).step, step);
        await serves("1");
      }
      await put("2", "good");
      assert.equal(finishedOf(await run("deploy")).outcome, "deployed");
      await serves("2");
      const back = await run("rollback");
      assert.equal(finishedOf(back).outcome, "deployed", back.output.slice(-3_000));
      await serves("1");
      // A task that ended and was begun anew is a failure while it is young, and a warning with its time for ever after.
      const target = await rig.open();
      const unit = (await target.units()).find(({ state }) => state === "running");
      assert.ok(unit);
      await rig.kill(unit);
      const anew = async (): Promise<true | undefined> =>
        (await target.units()).some(({ restarts, state }) => restarts > 0 && state === "running") || undefined;
      assert.ok(await poll(anew, { limit: 30_000, every: 200 }));
      const young = await run("verify");
      assert.equal(young.code, 1, young.output);
      assert.match(young.output, /begun anew at/);
      const old = await poll(async () => [await run("verify")].find(({ code }) => code === 0), { limit: 30_000, every: 1_000 });
      assert.match(old?.output ?? "", /"type":"warning".*begun anew at .*ended with exit code 137, and has run ever since/);
    } finally {
      await rig.close();
    }
  });
});
