import assert from "node:assert/strict";
import { once } from "node:events";
import { it } from "node:test";
import { delay, poll } from "../../src/base/time.ts";
import { ask, EdgeLoad } from "./edge-client.ts";
import { address, type EdgeFrame } from "./edge-frame.ts";
import { endCaller } from "./edge-rig.ts";

/** The suite's cases in which somebody dies: Aplomo, or the edge itself. */
export function deathCases(frame: EdgeFrame): void {
  it("ends as if called once when the caller dies anywhere and the call is repeated", async () => {
    let { unit } = await frame.front("k0");
    const { rig } = frame;
    const load = new EdgeLoad(rig.door("shop"), 100);
    for (let number = 1; number <= 8; number += 1) {
      const next = await rig.units.start(`k${number}`);
      const caller = rig.caller("shop", [{ call: "ensure" }, { call: "point", upstreams: [address(next)] }], "stay");
      await once(caller.stdout ?? caller, "data");
      await delay(number * 25);
      await endCaller(caller);
      const edge = frame.brief();
      // Every other time it is decided to go back: what was begun must not come true afterwards.
      const meant = number % 2 === 0 ? unit : next;
      await edge.ensure();
      await edge.point([meant]);
      await frame.says(edge, [meant]);
      const other = meant === unit ? next : unit;
      load.gone(other.name);
      await edge.drain([other]);
      await other.kill();
      unit = meant;
    }
    await delay(500);
    const tally = await load.stop();
    frame.nothingLost(tally);
    assert.equal(tally.late, 0);
  });

  it("points where it did after it was killed and started again", async () => {
    const { edge, unit, rig } = await frame.front();
    const next = await rig.units.start("b");
    await edge.point([next]);
    await unit.kill();
    await rig.restart();
    // Some listen before they have read where to point.
    await poll(async () => ((await ask(rig.door("shop"))).status === 200 ? true : undefined), { limit: 5_000 });
    await frame.serves("b");
    await frame.says(rig.open("shop"), [next]);
  });
}
