import assert from "node:assert/strict";
import { it } from "node:test";
import { delay } from "../../src/base/time.ts";
import { ask, EdgeLoad } from "./edge-client.ts";
import { address, countOf, type EdgeFrame } from "./edge-frame.ts";
import { memoryOf } from "./edge-rig.ts";

/** The suite's cases in which requests wait. */
export function holdCases(frame: EdgeFrame): void {
  const { capabilities, harness } = frame;
  const skip = capabilities.holds ? false : `${harness.kind} cannot hold requests`;

  it("lets requests wait for 5 s; none fails, and none reaches the unit", { skip }, async () => {
    const { edge, unit, rig } = await frame.front();
    const load = new EdgeLoad(rig.door("shop"), 200);
    await delay(500);
    await edge.hold(60_000);
    await edge.hold(60_000);
    await edge.drain([unit]);
    const before = await countOf(unit);
    assert.equal((await edge.current()).holding, true);
    await delay(5_000);
    assert.equal(await countOf(unit), before, "requests came through");
    const memoryKb = await memoryOf(await rig.pids());
    await edge.resume();
    await edge.resume();
    await delay(500);
    const tally = await load.stop();
    frame.numbers["hold"] = { sent: tally.sent, missed: tally.misses.length, slowestMs: tally.slowestMs, memoryKb };
    frame.nothingLost(tally);
    assert.ok(tally.slowestMs >= 4_500, `nobody waited: the slowest took ${tally.slowestMs} ms`);
    await frame.says(edge, [unit]);
  });

  it("gives requests that waited to the new unit, whatever became of the old one", { skip }, async () => {
    const { edge, unit, rig } = await frame.front();
    const load = new EdgeLoad(rig.door("shop"), 100);
    await edge.hold(60_000);
    await edge.drain([unit]);
    load.gone("a");
    await unit.kill();
    const waiting = ask(rig.door("shop"), "/", { method: "POST", body: "12345" });
    await delay(1_000);
    const next = await rig.units.start("b");
    await edge.point([next]);
    assert.equal((await edge.current()).holding, true, "pointing elsewhere let requests through");
    assert.equal(await countOf(next), 0);
    await edge.resume();
    assert.deepEqual(await waiting, { status: 200, name: "b", text: "5" });
    const tally = await load.stop();
    frame.nothingLost(tally);
    assert.equal(tally.late, 0);
    await frame.says(edge, [next]);
  });

  it("goes on holding when the caller dies, and another resumes", { skip }, async () => {
    const { unit, rig } = await frame.front();
    const load = new EdgeLoad(rig.door("shop"), 50);
    await frame.callAndDie([{ call: "hold", limit: 60_000 }]);
    const before = await countOf(unit);
    await delay(1_000);
    assert.equal(await countOf(unit), before);
    const edge = rig.open("shop");
    assert.deepEqual(await edge.current(), { upstreams: [address(unit)], holding: true, settled: true });
    await edge.resume();
    frame.nothingLost(await load.stop());
  });

  it("holds on after it was killed and started again, or at least resumes", { skip }, async () => {
    const { edge, unit, rig } = await frame.front();
    await edge.hold(60_000);
    await rig.restart();
    const waiting = capabilities.holds?.survivesRestart ? ask(rig.door("shop")) : undefined;
    await delay(500);
    assert.equal(await countOf(unit), 0);
    const again = rig.open("shop");
    assert.equal((await again.current()).holding, true);
    await again.resume();
    if (waiting) assert.equal((await waiting).name, "a");
    await frame.serves("a");
    await frame.says(again, [unit]);
  });
}
