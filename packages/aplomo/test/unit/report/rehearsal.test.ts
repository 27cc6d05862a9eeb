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

test("says how data changes, what is locked, what drifted, and what the current release may not write", () => {
  const lock = { table: "users", mode: "AccessExclusiveLock", statement: "ALTER TABLE users ...", ms: 1_200 };
  const found = {
    ...evidence,
    way: "hold",
    expectedHoldMs: 3_000,
    locks: [{ ...lock, ms: 5 }, lock],
    drift: ["a", "b"],
    mayNotWrite: ["users.name is gone"],
  };
  const rows = Object.fromEntries(rehearsalRows(found));
  assert.equal(rows["data changes"], "while requests wait, for about 3.0 s");
  assert.match(rows["strong locks"] ?? "", /^users: AccessExclusiveLock for 1\.2 s \(ALTER TABLE users \.\.\.\), users: .* 5 ms/);
  assert.equal(rows["drift: schema and migrations differ"], "a, b");
  assert.equal(rows["what the current release may not read or write"], "users.name is gone");
  assert.equal(Object.fromEntries(rehearsalRows({ ...evidence, way: "live" }))["data changes"], "while the current release serves on");
});

test("a step that is no rehearsal has none", () => assert.deepEqual(rehearsalRows({ units: [] }), []));
