import assert from "node:assert/strict";
import { it } from "node:test";
import { isScratch, refuseOthers, scratchName } from "../../../src/databases/contract.ts";

it("makes names for scratch databases that are told from all others", () => {
  assert.equal(scratchName("drill", "Agenda-daily 1"), "aplomo_drill_agenda_daily_1");
  for (const name of ["agenda", "postgres", "aplomo", "Aplomo_x", "aplomo_x; DROP", "aplomo_x/../y", "", `aplomo_${"x".repeat(60)}`]) {
    assert.equal(isScratch(name), false, name);
    assert.throws(() => refuseOthers("drop", name), /only databases that Aplomo made/);
  }
});

it("keeps long names apart", () => {
  const long = (end: string): string => scratchName("restore", `${"x".repeat(60)}${end}`);
  assert.notEqual(long("a"), long("b"));
  assert.equal(long("a"), long("a"));
  assert.ok(isScratch(long("a")));
});
