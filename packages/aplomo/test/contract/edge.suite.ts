import assert from "node:assert/strict";
import { after, afterEach, describe, it } from "node:test";
import { delay, poll } from "../../src/base/time.ts";
import { ask, EdgeLoad, upgrade } from "../support/edge-client.ts";
import { deathCases } from "../support/edge-deaths.ts";
import { countOf, EdgeFrame } from "../support/edge-frame.ts";
import { holdCases } from "../support/edge-holds.ts";
import { memoryOf, type EdgeHarness } from "../support/edge-rig.ts";
import { switchTimes } from "../support/edge-units.ts";

/** Every promise of `edges/contract.ts`, with the real program, real units and a client that forgives nothing. */
export function edgeSuite(harness: EdgeHarness): void {
  const { capabilities } = harness;
  const webSockets = capabilities.keepsWebSockets ? false : `${harness.kind} cuts WebSockets when it is pointed elsewhere`;

  describe(`edge ${harness.kind}`, { skip: harness.skip }, () => {
    const frame = new EdgeFrame(harness);
    afterEach(() => frame.close());
    after(() => console.log(`edge ${harness.kind}: ${JSON.stringify(frame.numbers)}`));

    it("tells what it can, refuses nothing, and may be ensured twice", async () => {
      const rig = await frame.make();
      const edge = rig.open("shop");
      assert.deepEqual(edge.capabilities, capabilities);
      assert.deepEqual((await edge.inspect()).refusals, []);
      await edge.ensure();
      await edge.ensure();
      const facts = await edge.inspect();
      assert.deepEqual(facts.refusals, []);
      assert.equal(facts.running, true);
    });

    it("answers with the unit it was pointed at, and says so", async () => {
      const { edge, unit } = await frame.front();
      await frame.serves("a");
      await frame.says(edge, [unit]);
      await edge.point([unit]);
      await frame.serves("a");
    });

    it("loses no request in 30 switches under load, and none reaches a unit that was replaced", async () => {
      const { unit, rig } = await frame.front("u0");
      const load = new EdgeLoad(rig.door("shop"), 200);
      const { took } = await switchTimes(30, { edge: frame.brief(), units: rig.units, load, first: unit });
      const tally = await load.stop();
      frame.numbers["switches"] = { sent: tally.sent, missed: tally.misses.length, slowestMs: tally.slowestMs, pointMs: median(took) };
      frame.numbers["memoryKb"] = await memoryOf(await rig.pids());
      assert.ok(tally.sent > 500, `${tally.sent} requests are too few to say anything`);
      frame.nothingLost(tally);
      assert.equal(tally.late, 0, "a unit that was no longer in front answered a request that began later");
    });

    it("refuses a unit that does not answer and leaves the one in front there", async () => {
      const { edge, unit, rig } = await frame.front();
      const dead = await rig.units.start("dead");
      await dead.kill();
      const load = new EdgeLoad(rig.door("shop"), 50);
      await assert.rejects(edge.point([dead]), /could not point shop to 127\.0\.0\.1:\d+: /);
      frame.nothingLost(await load.stop());
      await frame.serves("a");
      await frame.says(edge, [unit]);
    });

    it("refuses a unit that says it is not well, also beside one that is", async () => {
      const { edge, unit, rig } = await frame.front();
      const [well, sick] = [await rig.units.start("well"), await rig.units.start("sick")];
      await assert.rejects(edge.point([well, sick]));
      await frame.serves("a");
      await frame.says(edge, [unit]);
    });

    it("lets several units share the requests, and goes from three to one", async () => {
      const { edge, rig } = await frame.front();
      const units = [await rig.units.start("x"), await rig.units.start("y"), await rig.units.start("z")];
      await edge.point(units);
      const names = new Set<string>();
      for (let number = 0; number < 24; number += 1) names.add((await ask(rig.door("shop"))).name);
      assert.deepEqual([...names].sort(order), ["x", "y", "z"]);
      await frame.says(edge, units);
      await edge.point(units.slice(2));
      await frame.serves("z");
    });

    it("leaves a slow request with the unit that has it, and drains it", async () => {
      const { edge, unit, rig } = await frame.front();
      const before = await countOf(unit);
      const slow = ask(rig.door("shop"), "/slow?ms=3000");
      await poll(async () => ((await countOf(unit)) > before ? true : undefined), { limit: 2_000, every: 20 });
      const next = await rig.units.start("b");
      await edge.point([next]);
      await frame.serves("b");
      const drained = await edge.drain([unit]);
      await unit.kill();
      assert.deepEqual(await slow, { status: 200, name: "a", text: "" });
      if (capabilities.drains === "counted") assert.deepEqual([drained.clean, drained.left], [true, 0]);
    });

    it("leaves WebSockets with the units that have them until those stop", { skip: webSockets }, async () => {
      const { unit, rig } = await frame.front();
      const edge = rig.open("shop", { drain: 1_500 });
      const wire = await upgrade(rig.door("shop"));
      assert.equal(await wire.say("before"), "a before");
      const next = await rig.units.start("b");
      await edge.point([next]);
      assert.equal(await wire.say("after"), "a after");
      const drained = await edge.drain([unit]);
      assert.equal(await wire.say("drained"), "a drained");
      if (capabilities.drains === "counted") assert.equal(drained.clean, false);
      if (harness.kind === "caddy") assert.equal(drained.left, 1);
      const fresh = await upgrade(rig.door("shop"));
      assert.equal(await fresh.say("new"), "b new");
      await unit.kill();
      await poll(async () => (wire.open ? undefined : true), { limit: 5_000 });
      assert.equal(wire.open, false, "the WebSocket outlived its unit");
      assert.equal(await fresh.say("still"), "b still");
      fresh.close();
    });

    it("cuts WebSockets at a switch, as its capabilities say", { skip: webSockets ? false : "it keeps them" }, async () => {
      const { edge, rig } = await frame.front();
      const wire = await upgrade(rig.door("shop"));
      assert.equal(await wire.say("before"), "a before");
      await edge.point([await rig.units.start("b")]);
      assert.equal(await poll(async () => (wire.open ? undefined : true), { limit: 2_000 }), true);
    });

    it("keeps two applications apart", async () => {
      const { edge, unit, rig } = await frame.front();
      const load = new EdgeLoad(rig.door("shop"), 100);
      const other = rig.open("blog");
      await other.ensure();
      const [first, second] = [await rig.units.start("p"), await rig.units.start("q")];
      await other.point([first]);
      if (capabilities.holds) await other.hold(60_000);
      await other.point([second]);
      if (capabilities.holds) await other.resume();
      await other.drain([first]);
      assert.equal((await ask(rig.door("blog"))).name, "q");
      await frame.says(edge, [unit]);
      await frame.says(other, [second]);
      await other.remove();
      await delay(300);
      const tally = await load.stop();
      assert.deepEqual(Object.keys(tally.by), ["a"]);
      frame.numbers["another application"] = { sent: tally.sent, missed: tally.misses.length };
      if (!capabilities.joinsQuietly) tally.misses = tally.misses.filter(({ what }) => what !== "ECONNRESET");
      frame.nothingLost(tally);
    });

    holdCases(frame);
    deathCases(frame);
  });
}

function order(one: string, other: string): number {
  return one < other ? -1 : 1;
}

function median(values: readonly number[]): number {
  return Math.round(values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0);
}
