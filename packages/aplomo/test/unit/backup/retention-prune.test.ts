import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { listBackups } from "../../../src/backup/catalogue.ts";
import { manifestName } from "../../../src/backup/names.ts";
import { planPrune, prune } from "../../../src/backup/retention-prune.ts";
import { sha256Of } from "../../../src/backup/scan.ts";
import { keepInTiers } from "../../../src/backup/tiers-keep.ts";
import { makeBackup, testContext } from "../../support/sample-backups.ts";

const keep = { daily: 2, weekly: 1, monthly: 1 };
const day = 24 * 60 * 60 * 1_000;
/** A Sunday, and not the 1st. */
const start = Date.UTC(2026, 10, 22, 2);
const zone = "UTC";
const at = (days: number): Date => new Date(start + days * day);

async function inFolder(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "aplomo-tiers-"));
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

const namesIn = async (directory: string): Promise<string[]> =>
  (await readdir(directory, { recursive: true, withFileTypes: true })).filter((one) => one.isFile()).map(({ name }) => name);

test("a proven backup gets names in the other tiers, each a backup of its own, once", () =>
  inFolder(async (directory) => {
    const ctx = testContext(directory, at(0));
    const record = await makeBackup(directory, at(0));
    const made = await keepInTiers(ctx, record, { directory, zone });
    assert.deepEqual(
      made.map(({ id }) => id),
      ["app_weekly_20261122_020000", "app_monthly_20261122_020000"],
    );
    assert.deepEqual(await keepInTiers(ctx, record, { directory, zone }), []);
    assert.equal((await stat(record.file)).nlink, 3);
    for (const one of await listBackups(directory)) {
      assert.equal((await sha256Of(one.file)).sha256, record.manifest.sha256);
      assert.equal(await readFile(`${one.file}.sha256`, "utf8"), `${record.manifest.sha256}  ${basename(one.file)}\n`);
      assert.equal(one.manifest.tier, one.tier);
      assert.deepEqual(one.manifest.proof, record.manifest.proof);
    }
    assert.equal((await namesIn(directory)).length, 9);
    const unproven = await makeBackup(directory, at(7), { proof: null });
    assert.deepEqual(await keepInTiers(ctx, unproven, { directory, zone }), []);
  }));

test("pruning removes what the plan says, all of it, and nothing else", () =>
  inFolder(async (directory) => {
    const ctx = testContext(directory, at(4));
    for (const days of [0, 1, 2, 3]) await keepInTiers(ctx, await makeBackup(directory, at(days)), { directory, zone });
    await makeBackup(directory, at(1), { tier: "manual" });
    const plan = await planPrune(directory, "main", keep, { now: at(4), zone });
    assert.equal((await listBackups(directory)).length, 7, "a plan touches nothing");
    const { deleted, bytes } = await prune(ctx, directory, plan);
    assert.deepEqual(deleted, ["app_daily_20261123_020000", "app_daily_20261122_020000"]);
    // The first one's bytes are still in the weekly and monthly tiers.
    assert.equal(bytes, 10_000);
    const left = (await listBackups(directory)).map(({ id }) => id).sort();
    assert.deepEqual(left, [
      "app_daily_20261124_020000",
      "app_daily_20261125_020000",
      "app_manual_20261123_020000",
      "app_monthly_20261122_020000",
      "app_weekly_20261122_020000",
    ]);
    assert.equal((await namesIn(directory)).length, 15);
    assert.deepEqual((await prune(ctx, directory, await planPrune(directory, "main", keep, { now: at(4), zone }))).deleted, []);
  }));

test("a run that was killed while it deleted is finished by the next", () =>
  inFolder(async (directory) => {
    const ctx = testContext(directory, at(4));
    const [old] = [await makeBackup(directory, at(0)), await makeBackup(directory, at(3))];
    await rename(join(dirname(old.file), manifestName(old.id)), join(dirname(old.file), `.${old.id}.removed`));
    assert.equal((await listBackups(directory)).length, 1);
    await prune(ctx, directory, []);
    assert.deepEqual((await namesIn(directory)).length, 3);
  }));
