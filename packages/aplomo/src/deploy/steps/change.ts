import { formatDuration } from "../../base/time.ts";
import type { Evidence } from "../../base/events.ts";
import { findBackup } from "../../backup/catalogue.ts";
import { openerFor } from "../../backup/server-key.ts";
import { restoreBackup } from "../../backup/restore.ts";
import { scratchName, type Counts, type Database } from "../../databases/contract.ts";
import type { JobSettings, Settings } from "../../config/schema.ts";
import { GateError, mask } from "../gates/gate.ts";
import type { Step, Work } from "../step.ts";
import { readMark, saveMark } from "../marks.ts";
import { backUp } from "./protect.ts";
import { databaseOf } from "./prepare.ts";
import { putBack } from "./put-back.ts";

/** The last backup: nothing is written any more, so going back to it loses nothing. */
export function lastBackup(name: string): Step {
  const id = `change.backup.${name}`;
  return {
    id,
    phase: "change",
    title: `take the last backup of ${name}, unless nothing was written since the first`,
    async run(work) {
      const database = databaseOf(work, name);
      const first = work.evidenceOf(`protect.backup.${name}`);
      const mark = await readMark(work, `protect.backup.${name}`);
      if (!first || !mark || Object.keys(await database.writtenSince(mark)).length > 0) return backUp(work, database, id);
      await saveMark(work, id, mark);
      return { ...first, reused: true };
    },
    undoTitle: `put ${name} back as it was before the change`,
    undo: (work) => putBack(work, databaseOf(work, name)),
  };
}

/** A one-shot command of the new release; anything but exit code 0 stops the deployment, and the last backup brings the data back. */
export function job({ name, title, settings, env }: DataJob): Step {
  return {
    id: `change.${name}`,
    phase: "change",
    title: `${title}: ${settings.run.join(" ")}`,
    details: [`it is ended after ${formatDuration(settings.time_limit)}`],
    run: (work) => runJob(work, name, settings, env),
  };
}

export async function runJob(work: Work, name: string, settings: JobSettings, env: Record<string, string>): Promise<Evidence> {
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

/** A one-shot command of the release, and the environment it gets besides its own. */
export interface DataJob {
  /** `migrate`, `derive.kpis`, `seed`. */
  name: string;
  title: string;
  settings: JobSettings;
  env: Record<string, string>;
}

/** Environment that makes a client give up a lock, by database. */
export type LockTimeouts = Record<string, (ms: number) => Record<string, string>>;

/** Pure: what changes data, in its order. */
export function dataJobs({ migrate, derive, seed }: Pick<Settings, "migrate" | "derive" | "seed">, lockTimeouts: LockTimeouts): DataJob[] {
  const lockEnv = migrate?.database === undefined ? {} : (lockTimeouts[migrate.database]?.(migrate.lock_timeout) ?? {});
  return [
    ...(migrate ? [{ name: "migrate", title: "migrate the data", settings: migrate, env: lockEnv }] : []),
    ...derive.map((step) => ({ name: `derive.${step.name}`, title: `refresh ${step.name}`, settings: step, env: {} })),
    ...(seed ? [{ name: "seed", title: "seed", settings: seed, env: {} }] : []),
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
