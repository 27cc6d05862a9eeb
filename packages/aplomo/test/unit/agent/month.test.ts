import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { jobsOf } from "../../../src/agent/jobs.ts";
import { Timekeeper } from "../../../src/agent/keep-time.ts";
import type { Registered } from "../../../src/agent/registry.ts";
import { claimRun, endRun, listRuns } from "../../../src/agent/runs.ts";
import { listBackups } from "../../../src/backup/catalogue.ts";
import { policyOf } from "../../../src/backup/policy.ts";
import { runBackup } from "../../../src/backup/run.ts";
import { slotOf } from "../../../src/backup/tiers.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { findLibrary } from "../../../src/databases/sqlite/open.ts";
import { openSession } from "../../../src/deploy/session.ts";
import { local } from "../../../src/host/local.ts";

const zone = "Europe/Madrid";
const hour = 3_600_000;
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-month-"));
});
after(() => rm(folder, { recursive: true, force: true }));

/** Thirty days on a clock of our own, with real backups of a real database: the last Sunday of October has 25 hours. */
test("thirty days: every night one backup, outages made up for, and what retention keeps", async () => {
  const { write } = await findLibrary();
  write(join(folder, "a.db"), "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)");
  write(join(folder, "a.db"), "INSERT INTO notes (text) VALUES ('one')");
  const yml = `app: month
target: { kind: pm2, script: server.js, port: 3000 }
databases: { main: { engine: sqlite, file: a.db } }
backups: { zone: ${zone}, at: "02:30", drill_at: never }
`;
  await writeFile(join(folder, "aplomo.yml"), yml);
  const start = new Date("2026-10-10T10:00:00Z");
  let now = start;
  const ctx = { host: local, emit: () => {}, signal: new AbortController().signal, home: join(folder, "home"), now: () => now };
  const session = await openSession(ctx, await loadConfig(join(folder, "aplomo.yml"), {}));
  const [database] = session.databases;
  assert.ok(database);
  const its = policyOf(session.config, session.paths);
  const timekeeper = new Timekeeper(ctx, async (_app, run) => {
    assert.ok(await claimRun(run.folder, now));
    const { proof } = await runBackup(ctx, database, its, { tier: "daily", invariants: {}, release: undefined, releases: [] });
    await endRun(run.folder, proof?.proven ? 0 : 1, now);
  });
  const jobs = jobsOf(session.config.settings, zone);
  const app: Registered = { version: 1, app: "month", config: session.config.file, addedAt: start.toISOString(), jobs };
  const runs = join(folder, "runs");
  const off = (hours: number): boolean => (hours > 5 * 24 && hours < 8 * 24) || (hours > 20 * 24 && hours < 20 * 24 + 3);
  // Every hour and a half: no slot is met to the minute.
  for (let hours = 0; hours <= 30 * 24; hours += 1.5) {
    now = new Date(start.getTime() + hours * hour);
    if (off(hours)) continue;
    await timekeeper.tick(app, jobs, runs);
    await timekeeper.idle();
  }
  const all = await listRuns(runs);
  assert.ok(all.every((run) => run.state === "done" && run.attempt === 1));
  const days = all.map((run) => slotOf("daily", run.slot, zone)).toReversed();
  const expected = Array.from({ length: 30 }, (_, index) => new Date(Date.UTC(2026, 9, 11 + index)).toISOString().slice(0, 10));
  // Off from the 15th to the 18th at noon: one run for the three nights.
  assert.deepEqual(
    days,
    expected.filter((day) => !["2026-10-16", "2026-10-17"].includes(day)),
  );
  assert.deepEqual(
    all.filter((run) => run.missed > 0).map((run) => [slotOf("daily", run.slot, zone), run.missed]),
    [["2026-10-18", 2]],
  );

  const kept = await listBackups(its.directory, { database: "main" });
  const of = (tier: string): string[] =>
    kept.filter((one) => one.tier === tier).map((one) => slotOf(tier as "daily", new Date(one.manifest.createdAt), zone));
  assert.deepEqual(of("daily"), expected.slice(-7).toReversed());
  assert.deepEqual(of("weekly"), ["2026-11-08", "2026-11-01", "2026-10-25", "2026-10-18"]);
  assert.deepEqual(of("monthly"), ["2026-11", "2026-10"]);
});
