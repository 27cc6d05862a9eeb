import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { poll } from "../../src/base/time.ts";
import { finishedOf } from "../support/agenda.ts";
import { edgeProgram } from "../support/edge-rigs.ts";
import { swarmFront } from "../support/swarm-edge.ts";
import { onEngine, onManager, whyNoSwarm } from "../support/swarm.ts";
import { textOf } from "../support/text-of.ts";

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
});

/** The cable is in again, and the swarm knows. */
async function mended(): Promise<void> {
  const attached = await onEngine("inspect", "--format", "{{json .NetworkSettings.Networks}}", "s2");
  if (!attached.includes('"lab"')) await onEngine("network", "connect", "--ip", "172.30.0.12", "lab", "s2");
  const ready = async (): Promise<true | undefined> =>
    (await onManager("node", "inspect", "s2", "--format", "{{.Status.State}}")) === "ready" || undefined;
  assert.ok(await poll(ready, { limit: 60_000, every: 500 }), "s2 is back");
}
