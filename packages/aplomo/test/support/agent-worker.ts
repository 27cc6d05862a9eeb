import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jobsOf } from "../../src/agent/jobs.ts";
import { Timekeeper } from "../../src/agent/keep-time.ts";
import { claimRun, endRun, listRuns } from "../../src/agent/runs.ts";
import { listBackups } from "../../src/backup/catalogue.ts";
import { policyOf } from "../../src/backup/policy.ts";
import { runBackup } from "../../src/backup/run.ts";
import { loadConfig } from "../../src/config/load.ts";
import { findLibrary } from "../../src/databases/sqlite/open.ts";
import { openSession } from "../../src/deploy/session.ts";
import { local } from "../../src/host/local.ts";

/** What the agent does over and over, in one process with a clock of its own: `ticks` of the schedule, or `backups` of a tiny database. */
const [what, count, folder] = [process.argv[2], Number(process.argv[3]), process.argv[4] ?? ""];
const minute = 60_000;

const { write } = await findLibrary();
write(join(folder, "a.db"), "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)");
const yml = `app: memory
target: { kind: pm2, script: server.js, port: 3000 }
databases: { main: { engine: sqlite, file: a.db } }
backups: { zone: Europe/Madrid, at: "${what === "backups" ? "30 2 * * *" : "*/15 * * * *"}", drill_at: never }
`;
await writeFile(join(folder, "aplomo.yml"), yml);
let now = new Date("2026-10-10T10:00:00Z");
const ctx = { host: local, emit: () => {}, signal: new AbortController().signal, home: join(folder, "home"), now: () => now };
const session = await openSession(ctx, await loadConfig(join(folder, "aplomo.yml"), {}));
const database = session.databases[0]!;
const its = policyOf(session.config, session.paths);
const timekeeper = new Timekeeper(ctx, async (_app, run) => {
  await claimRun(run.folder, now);
  if (what === "backups") await runBackup(ctx, database, its, { tier: "daily", invariants: {}, release: undefined, releases: [] });
  await endRun(run.folder, 0, now);
});
const jobs = jobsOf(session.config.settings, its.zone);
const app = { version: 1 as const, app: "memory", config: session.config.file, addedAt: now.toISOString(), jobs };
const runs = join(folder, "runs");

const inUse = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed + process.memoryUsage().external;
};
let early = 0;
for (let done = 1; done <= count; done += 1) {
  // A slot every day for backups; for ticks one in every tenth of them.
  now = new Date(now.getTime() + (what === "backups" ? 24 * 60 : 1.5) * minute);
  await timekeeper.tick(app, jobs, runs);
  await timekeeper.idle();
  if (done === Math.ceil(count / 10)) early = inUse();
}
const late = inUse();
const kept = (await listBackups(its.directory, { database: "main" })).length;
process.stdout.write(JSON.stringify({ early, late, runs: (await listRuns(runs)).length, kept }));
