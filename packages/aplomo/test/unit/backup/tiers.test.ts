import assert from "node:assert/strict";
import { test } from "node:test";
import { slotOf, slotsToFill, type Dated } from "../../../src/backup/tiers.ts";

const at = (text: string): Date => new Date(text);
const daily = (time: string, proof: Dated["proof"] = "proven"): Dated => ({ id: time, tier: "daily", at: at(time), proof, release: null });

test("a moment falls into the day of the zone, the Sunday its week began with, and its month", () => {
  // 2026-11-22 is a Sunday.
  const night = at("2026-11-21T23:30:00Z");
  assert.equal(slotOf("daily", night, "UTC"), "2026-11-21");
  assert.equal(slotOf("daily", night, "Europe/Madrid"), "2026-11-22");
  assert.equal(slotOf("weekly", night, "UTC"), "2026-11-15");
  assert.equal(slotOf("weekly", night, "Europe/Madrid"), "2026-11-22");
  assert.equal(slotOf("monthly", at("2026-12-01T03:00:00Z"), "America/Mexico_City"), "2026-11");
  assert.equal(slotOf("weekly", at("2027-01-01T12:00:00Z"), "UTC"), "2026-12-27");
});

test("the hour that daylight saving takes or doubles stays in its day", () => {
  for (const hour of ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-28T23:00:00Z"])
    assert.equal(slotOf("daily", at(hour), "Europe/Madrid"), "2026-03-29");
  for (const hour of ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T22:59:59Z"])
    assert.equal(slotOf("daily", at(hour), "Europe/Madrid"), "2026-10-25");
});

test("a proven daily backup fills the slots that hold none", () => {
  const sunday = daily("2026-11-22T02:00:00Z");
  assert.deepEqual(slotsToFill(sunday, [], "UTC"), ["weekly", "monthly"]);
  const copies: Dated[] = [
    { ...sunday, id: "w", tier: "weekly" },
    { ...sunday, id: "m", tier: "monthly" },
  ];
  assert.deepEqual(slotsToFill(daily("2026-11-23T02:00:00Z"), copies, "UTC"), []);
  assert.deepEqual(slotsToFill(daily("2026-11-29T02:00:00Z"), copies, "UTC"), ["weekly"]);
  assert.deepEqual(slotsToFill(daily("2026-12-01T02:00:00Z"), copies, "UTC"), ["weekly", "monthly"]);
});

test("a day whose proof failed is made up for by the next; what stands there unproven is replaced", () => {
  assert.deepEqual(slotsToFill(daily("2026-11-22T02:00:00Z", "failed"), [], "UTC"), []);
  assert.deepEqual(slotsToFill(daily("2026-11-22T02:00:00Z", "none"), [], "UTC"), []);
  const damaged: Dated = { ...daily("2026-11-22T02:00:00Z", "failed"), id: "w", tier: "weekly" };
  assert.deepEqual(slotsToFill(daily("2026-11-23T02:00:00Z"), [damaged], "UTC"), ["weekly", "monthly"]);
});

test("only a schedule's backups fill slots", () => {
  for (const tier of ["deploy", "manual", "safety", "weekly"])
    assert.deepEqual(slotsToFill({ ...daily("2026-11-22T02:00:00Z"), tier }, [], "UTC"), []);
});
