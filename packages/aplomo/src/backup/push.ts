import { basename, dirname, join } from "node:path";
import { counted } from "../base/count.ts";
import { AplomoError, UsageError } from "../base/errors.ts";
import type { InvariantSettings } from "../config/schema.ts";
import { scratchName, type Counts, type Database } from "../databases/contract.ts";
import type { Context } from "../host/context.ts";
import { refuseTaken } from "./beside.ts";
import { some, sum } from "./compare.ts";
import type { Opener } from "./encryption.ts";
import { differing } from "./expect.ts";
import { brokenInvariants } from "./invariants.ts";
import { dropQuietly, restoreInto } from "./load.ts";
import { readManifest, type BackupRecord } from "./manifest.ts";
import { manifestName } from "./names.ts";
import { loadBeside } from "./part.ts";

/** What is to become the data, and all that says what it must hold. */
export interface Push {
  /** A dump of whatever tool. */
  path: string;
  /** It is a backup of Aplomo's with its manifest beside it. */
  record: BackupRecord | undefined;
  open?: Opener | undefined;
  expected: Counts;
  invariants: Record<string, InvariantSettings>;
  /** Of the database it is loaded into. */
  name: string;
}

/** Data that came whole, in a database beside the live one. */
export interface Loaded {
  scratch: string;
  place: string;
  rows: number;
  /** What it was held to: tables counted, invariants. */
  proof: string[];
}

/** A backup of Aplomo's by its file: its manifest stands beside it. */
export async function recordBeside(path: string): Promise<BackupRecord | undefined> {
  const manifest = await readManifest(manifestBeside(path));
  return manifest && manifest.file === basename(path)
    ? { id: idOf(path), database: manifest.database, tier: manifest.tier, file: path, manifest }
    : undefined;
}

/** Where the manifest of a backup is, when the file is one. */
export function manifestBeside(path: string): string {
  return join(dirname(path), manifestName(idOf(path)));
}

function idOf(path: string): string {
  return basename(path).replace(/\.(sql|sqlite|archive)(\.(zst|gz))?(\.age)?$/, "");
}

/**
 * Loads data beside the live database and proves that all of it came: against its manifest, the counts that were given, and the invariants.
 * What is not proven goes again, and the live database was not touched (I8: 206 of 7,320 rows restored, and nobody noticed).
 */
export async function loadProven(ctx: Context, database: Database, push: Push): Promise<Loaded> {
  const { path, record, expected, invariants } = push;
  if (!record && Object.keys(expected).length === 0 && !Object.values(invariants).some(judges))
    throw new UsageError({
      operation: "push",
      subject: path,
      cause: "nothing says what it must hold, so nobody could tell whether all of it came",
      hint: "Give counts with --expect TABLE=ROWS, a file of them, or invariants of the database in aplomo.yml.",
    });
  const scratch = scratchName("copy", push.name);
  const place = await refuseTaken(database, scratch);
  try {
    const wrong = record ? await restored(ctx, database, record, scratch, push.open) : await loaded(ctx, database, push);
    const counts = await database.counts(scratch);
    const broken = await brokenInvariants(database, invariants, { scratch });
    wrong.push(...differing(expected, counts), ...broken.broken);
    if (wrong.length > 0)
      throw new AplomoError({
        operation: "push",
        subject: path,
        cause: `not all of it came: ${some(wrong)}`,
        hint: `${database.name} is as it was. Make the dump again, or correct what is expected.`,
      });
    warnOfFewer(ctx, database.name, await database.counts(), counts);
    const proof = [
      ...(record ? [`every row and object of its manifest`] : []),
      ...Object.entries(expected).map(([table, rows]) => `${table}: ${counted(rows, "row")}`),
      ...Object.entries(invariants).flatMap(([name, rule]) => (judges(rule) ? [`invariant ${name}`] : [])),
    ];
    return { scratch, place, rows: sum(counts), proof };
  } catch (error) {
    if ((await database.listScratch().catch(() => [scratch])).includes(scratch)) await dropQuietly(ctx, database, scratch);
    throw error;
  }
}

/** `never_falls` compares with the data that is replaced, which says nothing about what was sent. */
function judges({ at_least, at_most, exactly }: InvariantSettings): boolean {
  return at_least !== undefined || at_most !== undefined || exactly !== undefined;
}

/** It may be meant; it must not go unsaid. */
function warnOfFewer(ctx: Context, name: string, live: Counts, sent: Counts): void {
  const fewer = Object.entries(live).filter(([table, rows]) => (sent[table] ?? 0) < rows);
  if (fewer.length === 0) return;
  const message = `${name} has more rows now: ${some(fewer.map(([table, rows]) => `${table} has ${rows}, what was sent ${sent[table] ?? 0}`))}`;
  ctx.emit({ type: "warning", message, hint: "They stay in the database that is kept: aplomo backup restore --undo." });
}

async function restored(
  ctx: Context,
  database: Database,
  record: BackupRecord,
  scratch: string,
  open: Opener | undefined,
): Promise<string[]> {
  if (record.manifest.engine !== database.engine)
    throw new UsageError({
      operation: "push",
      subject: record.id,
      cause: `it is of ${record.manifest.engine}, and ${database.name} is ${database.engine}`,
    });
  return (await restoreInto(ctx, database, record, scratch, open)).data;
}

async function loaded(ctx: Context, database: Database, { path, name }: Push): Promise<string[]> {
  await loadBeside(ctx, database, { path }, { name });
  return [];
}
