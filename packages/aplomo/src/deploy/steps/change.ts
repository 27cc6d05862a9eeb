import { formatDuration } from "../../base/time.ts";
import type { Evidence } from "../../base/events.ts";
import { findBackup } from "../../backup/catalogue.ts";
import { openerFor } from "../../backup/server-key.ts";
import { restoreBackup } from "../../backup/restore.ts";
import { scratchName, type Counts, type Database } from "../../databases/contract.ts";
import type { JobSettings, MigrateSettings, Settings } from "../../config/schema.ts";
import { runFolder } from "../../migrations/run.ts";
import { GateError, mask } from "../gates/gate.ts";
import type { Step, Work } from "../step.ts";
import { readMark, saveMark } from "../marks.ts";
import { keptMigrations, migratedDatabase, migrateStep } from "../migrations.ts";
import { servesOn } from "../way.ts";
import { backUp } from "./protect.ts";
import { databaseOf } from "./prepare.ts";
import { putBack } from "./put-back.ts";

/** The last backup: nothing is written any more, so going back to it loses nothing. */
export function lastBackup(name: string, live: boolean): Step {
  const id = `change.backup.${name}`;
  return {
    id,
    phase: "change",
    title: `take the last backup of ${name}, unless nothing was written since the first${live ? ", or the change is made live" : ""}`,
    async run(work) {
      const database = databaseOf(work, name);
      const first = work.evidenceOf(`protect.backup.${name}`);
      const mark = await readMark(work, `protect.backup.${name}`);
      if (first && mark && servesOn(work)) {
        await saveMark(work, id, mark);
        return { ...first, reused: true };
      }
      if (!first || !mark || Object.keys(await database.writtenSince(mark)).length > 0) return backUp(work, database, id);
      await saveMark(work, id, mark);
      return { ...first, reused: true };
    },
    undoTitle: `put ${name} back as it was before the change`,
    undo: (work) => putBack(work, databaseOf(work, name)),
  };
}

/** A one-shot command of the new release; anything but exit code 0 stops the deployment, and the last backup brings the data back. */
export function job({ name, title, command, limit, run }: DataJob): Step {
  return {
    id: `change.${name}`,
    phase: "change",
    title: `${title}: ${command}`,
    details: [`it is ended after ${formatDuration(limit)}`],
    run,
  };
}

async function runJob(work: Work, name: string, settings: JobSettings, env: Record<string, string>): Promise<Evidence> {
  const [program, ...args] = settings.run;
  const result = await work.target.runOnce(work.facts.release, {
    id: `${work.facts.deployment}-${name.replace(/[^a-z0-9]+/gi, "-").toLowerCase()}`,
    run: [program ?? "", ...args],
    ...(settings.service ? { service: settings.service } : {}),
    env: { ...env, ...settings.env },
    limit: settings.time_limit,
    signal: work.ctx.signal,
  });
  const output = mask(work, result.output);
  // Told to end at its limit, a program may well do so with 0.
  if (result.code === 0 && !result.timedOut)
    return { exitCode: 0, durationMs: Math.round(result.durationMs), output: output.split("\n").slice(-5).join("\n") };
  const cause = result.timedOut ? `it did not end within ${formatDuration(settings.time_limit)}` : `it ended with exit code ${result.code}`;
  throw new GateError(
    name,
    settings.run.join(" "),
    cause,
    { exitCode: result.code, output },
    "its last lines are in the report; data is put back as it was",
  );
}

/** A folder of SQL files that nothing of the application's own runs. */
async function runSql(work: Work, settings: MigrateSettings): Promise<Evidence> {
  const database = migratedDatabase(work.databases, { migrate: settings });
  const files = await keptMigrations(work.facts.release);
  if (!database || !files) throw new Error("migrate has neither a command nor files");
  const began = performance.now();
  const ran = await runFolder(database, files, {
    lockTimeout: settings.lock_timeout,
    limit: settings.time_limit,
    now: work.ctx.now,
    progress: (name) => work.progress(name),
    // Elsewhere a transaction says whether a file was done.
    ...(servesOn(work) && !database.capabilities.transactionalDdl
      ? { begun: async (file) => saveMark(work, migrateStep, { file, schema: await database.fingerprint() }) }
      : {}),
  });
  return { ran, durationMs: Math.round(performance.now() - began) };
}

/** What changes data: a one-shot command of the release, or SQL files of its that Aplomo runs. */
export interface DataJob {
  /** `migrate`, `derive.kpis`, `seed`. */
  name: string;
  title: string;
  command: string;
  /** Milliseconds after which it is ended. */
  limit: number;
  run: (work: Work) => Promise<Evidence>;
}

function commandJob(name: string, title: string, settings: JobSettings, env: Record<string, string> = {}): DataJob {
  const run = (work: Work): Promise<Evidence> => runJob(work, name, settings, env);
  return { name, title, command: settings.run.join(" "), limit: settings.time_limit, run };
}

function migration(migrate: MigrateSettings, env: Record<string, string>): DataJob {
  const [name, title] = ["migrate", "migrate the data"];
  if (migrate.run !== undefined) return commandJob(name, title, { ...migrate, run: migrate.run }, env);
  return { name, title, command: `the SQL files of ${migrate.files}`, limit: migrate.time_limit, run: (work) => runSql(work, migrate) };
}

/** Environment that makes a client give up a lock, by database. */
export type LockTimeouts = Record<string, (ms: number) => Record<string, string>>;

/** Pure: what changes data, in its order. */
export function dataJobs({ migrate, derive, seed }: Pick<Settings, "migrate" | "derive" | "seed">, lockTimeouts: LockTimeouts): DataJob[] {
  const lockEnv = migrate?.database === undefined ? {} : (lockTimeouts[migrate.database]?.(migrate.lock_timeout) ?? {});
  return [
    ...(migrate ? [migration(migrate, lockEnv)] : []),
    ...derive.map((step) => commandJob(`derive.${step.name}`, `refresh ${step.name}`, step)),
    ...(seed ? [commandJob("seed", "seed", seed)] : []),
  ];
}

/** Pure: what the drivers of these databases say of it. */
export function lockTimeoutsOf(databases: readonly Pick<Database, "name" | "capabilities">[]): LockTimeouts {
  return Object.fromEntries(databases.map(({ name, capabilities }) => [name, capabilities.lockTimeoutEnv]));
}

/** rollback --with-data, backup restore: an earlier backup becomes the data. */
export function restore(name: string, backup: string): Step {
  return {
    id: `change.restore.${name}`,
    phase: "change",
    title: `put database ${name} back to ${backup}: restored beside, counted, then swapped`,
    async run(work) {
      const record = await findBackup(work.paths.backups, name, backup);
      return restoreBackup(work.ctx, databaseOf(work, name), record, {
        kept: scratchName("before", work.facts.deployment),
        open: await openerFor(work.paths.root, record),
      });
    },
  };
}

/** data push: what was loaded beside and proven before anything stopped becomes the data. */
export function exchange(name: string, scratch: string): Step {
  return {
    id: `change.load.${name}`,
    phase: "change",
    title: `put what was loaded and proven in the place of database ${name}`,
    async run(work) {
      const database = databaseOf(work, name);
      const kept = scratchName("before", work.facts.deployment);
      await database.swap(scratch, kept);
      return { kept: await database.place(kept) };
    },
  };
}

/** Where the data stands when the change is done: whatever is written later came from people, and is never lost without a decision. */
export function mark(name: string): Step {
  const id = `change.mark.${name}`;
  return {
    id,
    phase: "change",
    title: `note where ${name} stands, so that going back knows whether anything was written since`,
    async run(work) {
      const database = databaseOf(work, name);
      await saveMark(work, id, await database.mark());
      const [rows, schema] = [await database.counts(), await database.fingerprint()];
      return { rows, schema, changed: changes(work, name, rows, schema) };
    },
  };
}

/** What the change did, for the report: `schema`, and each table whose rows are more or fewer. */
function changes(work: Work, name: string, rows: Counts, schema: string): string[] {
  const before = work.evidenceOf(`change.backup.${name}`);
  const rowsBefore = (before?.["rows"] ?? {}) as Counts;
  const said = before?.["schema"] === schema ? [] : ["schema"];
  for (const table of new Set([...Object.keys(rowsBefore), ...Object.keys(rows)])) {
    if (rowsBefore[table] !== rows[table]) said.push(`${table}: ${rowsBefore[table] ?? "new"} -> ${rows[table] ?? "gone"}`);
  }
  return said;
}
