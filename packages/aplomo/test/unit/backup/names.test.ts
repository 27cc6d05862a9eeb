import assert from "node:assert/strict";
import { it } from "node:test";
import { compareCounts, some } from "../../../src/backup/compare.ts";
import { backupId, idOfWork, tierFolder, workName } from "../../../src/backup/names.ts";

it("names backups by app, tier and second, and a second one of the same second by its number", () => {
  const date = new Date("2026-11-22T15:45:00.999Z");
  assert.equal(backupId("agenda", "daily", date), "agenda_daily_20261122_154500");
  assert.equal(backupId("agenda", "daily", date, 2), "agenda_daily_20261122_154500_2");
  assert.equal(tierFolder("/backups", "main", "weekly"), "/backups/main/weekly");
  assert.throws(() => tierFolder("/backups", "main", "../x"), /lower-case letters/);
});

it("knows its own work folders, and nothing else", () => {
  for (const id of ["agenda_daily_20261122_154500", "my-app_deploy_20261122_154500_12"]) assert.equal(idOfWork(workName(id)), id);
  for (const name of [
    ".partial",
    ".0a1b.partial",
    "agenda_daily_20261122_154500.sql.zst",
    ".x_daily_1_2.partial",
    ".a_b_20261122_154500.partial.x",
  ]) {
    assert.equal(idOfWork(name), undefined, name);
  }
});

it("compares counts with both numbers", () => {
  const where = { wanted: "in the manifest", found: "restored" };
  assert.deepEqual(compareCounts({ a: 1, b: 0 }, { a: 1 }, where), []);
  assert.deepEqual(compareCounts({ kpis: 7320 }, { kpis: 206, more: 1 }, where), [
    "kpis: 7320 in the manifest, 206 restored",
    "more: 0 in the manifest, 1 restored",
  ]);
  assert.equal(some(["a", "b", "c"], 2), "a; b; and 1 more");
});
