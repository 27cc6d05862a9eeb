import assert from "node:assert/strict";
import { test } from "node:test";
import { rehearsalRows } from "../../../src/report/rehearsal.ts";

const evidence = {
  verdict: "compatible",
  restoredMs: 10,
  changedMs: 20,
  rows: { a: [] },
  schema: { a: ["table: t: new"] },
  newRelease: "works on the copy",
};

test("says of a current release only what was asked of one", () => {
  assert.match(Object.fromEntries(rehearsalRows(evidence))["verdict"] ?? "", /no other one serves yet/);
  const both = rehearsalRows({ ...evidence, currentRelease: "works on the migrated copy" });
  assert.match(Object.fromEntries(both)["verdict"] ?? "", /the current release works on the migrated data/);
});

test("says lists in words", () => {
  const rows = Object.fromEntries(rehearsalRows({ ...evidence, couldReach: ["the network", "this server"] }));
  assert.equal(rows["could reach"], "the network, this server");
  assert.equal(rows["rows"], "as many as before in every table");
});

test("a step that is no rehearsal has none", () => assert.deepEqual(rehearsalRows({ units: [] }), []));
