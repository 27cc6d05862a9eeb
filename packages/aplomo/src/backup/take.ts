import { join } from "node:path";
import { AplomoError } from "../base/errors.ts";
import { version } from "../base/version.ts";
import type { Checksums, Counts, Database, DatabaseFacts, Schema, Snapshot } from "../databases/contract.ts";
import { fingerprintOf, outlineOf } from "../databases/schema.ts";
import type { Context } from "../host/context.ts";
import { compareCounts, some } from "./compare.ts";
import { chooseCompression, type Compressing } from "./compress.ts";
import type { Seal } from "./encryption.ts";
import type { BackupRecord, Manifest } from "./manifest.ts";
import { endings, tierFolder } from "./names.ts";
import { publish } from "./publish.ts";
import { writeReadme } from "./readme.ts";
import { refuseFullDisk } from "./room.ts";
import { scanStream, type Scan } from "./scan.ts";
import { unpack } from "./unpack.ts";
import { discard, openWorkplace, prepareFolder, type Workplace } from "./work.ts";
import { writeDump, type Writing, type Written } from "./write.ts";

export interface TakeOptions {
  app: string;
  /** Absolute; each database has a folder in it, and each tier one in that. */
  directory: string;
  /** `daily`, `weekly`, `monthly`, `deploy`: lower-case letters. */
  tier: string;
  release?: string | undefined;
  deployment?: string | undefined;
  /** Default: zstd where there is one, else gzip. */
  compress?: "zstd" | "gzip" | undefined;
  /** What `check` has said a moment ago. Default: the database is asked. */
  facts?: DatabaseFacts | undefined;
  /** Has the manifest say a checksum of each table's rows, for proofs: every row is read once more. */
  checksums?: boolean | undefined;
  /** Encrypts it. The caller keeps it: it opens this backup without anybody's key. */
  seal?: Seal | undefined;
  /** Milliseconds without a byte after which the dump is ended, default 10 minutes; or for which a locked table is waited for. */
  stallAfter?: number | undefined;
}

/** Shorter than any dump, an empty database's included. */
const floor = 100;

/** Milliseconds after which a backup that somebody disturbs is not begun once more. */
const insistence = 60_000;

/** Somebody altered or emptied a table between two of our own looks at it; `cause` says what came of it. */
class Disturbed extends Error {}

/** Makes one backup of the database. It exists, whole and verified, when this returns; when it throws, there is nothing. */
export async function takeBackup(ctx: Context, database: Database, options: TakeOptions): Promise<BackupRecord> {
  const until = performance.now() + insistence;
  for (;;) {
    try {
      return await attempt(ctx, database, options);
    } catch (error) {
      if (!(error instanceof Disturbed)) throw error;
      if (performance.now() > until) throw error.cause;
      const message = "somebody altered or emptied a table at that very moment: once more";
      ctx.emit({ type: "progress", subject: subjectOf(database), message });
    }
  }
}

const subjectOf = (database: Database): string => `backup of ${database.name}`;

async function attempt(ctx: Context, database: Database, options: TakeOptions): Promise<BackupRecord> {
  const subject = subjectOf(database);
  const folder = tierFolder(options.directory, database.name, options.tier);
  await prepareFolder(options.directory, folder);
  // Both start programs, and wait for them more than they work.
  const [facts, compressing] = await Promise.all([options.facts ?? database.check(), chooseCompression(ctx, options.compress)]);
  await refuseFullDisk(options.directory, database.name, facts.bytes);
  const work = await openWorkplace(folder, options.app, options.tier, ctx.now());
  try {
    const manifest = await make(ctx, database, facts, compressing, options, work, subject);
    await publish(folder, work, manifest);
    await writeReadme(options.directory, database);
    return { id: work.id, database: database.name, tier: options.tier, file: join(folder, manifest.file), manifest };
  } catch (cause) {
    if (ctx.signal.aborted || cause instanceof AplomoError || cause instanceof Disturbed) throw cause;
    throw new AplomoError({ operation: "make the", subject, cause, ...hintFor(cause) });
  } finally {
    await discard(folder, work);
  }
}

async function make(
  ctx: Context,
  database: Database,
  facts: DatabaseFacts,
  { compression, filter, back }: Compressing,
  options: TakeOptions,
  work: Workplace,
  subject: string,
): Promise<Manifest> {
  const started = performance.now();
  const { seal } = options;
  const packing = seal ? [filter, { transform: () => seal.close() }] : [filter];
  const encryption = seal ? { format: "age" as const, recipients: [...seal.recipients] } : null;
  const unpacking = await unpack(ctx, { compression, encryption }, seal?.open, back);
  const path = join(work.folder, "dump");
  const createdAt = ctx.now().toISOString();
  const snapshot = await database.snapshot({ checksums: options.checksums, patience: options.stallAfter });
  const dumped = performance.now();
  try {
    ctx.emit({ type: "progress", subject, message: `dumping with ${facts.tool}` });
    const dump = writeDump(ctx, snapshot.source, packing, path, options.stallAfter, subject);
    // It follows what is written while it is in memory: it is the file that is judged, and it costs hardly any time of its own.
    const scanning = scanStream(ctx, dump.growth.follow(path), unpacking, database.engine);
    let between = performance.now();
    void dump.done.then(
      () => (between = performance.now()),
      () => {},
    );
    const [written, held, scan] = await allOrNone(dump, holds(snapshot, options), scanning, snapshot);
    await written.flushed;
    judge(scan, held.rows, subject);
    const ended = performance.now();
    const torn = snapshot.torn?.() ?? [];
    return {
      format: "aplomo-backup",
      version: 1,
      id: work.id,
      app: options.app,
      database: database.name,
      tier: options.tier,
      createdAt,
      engine: database.engine,
      server: facts.server,
      tool: facts.tool,
      aplomo: version,
      snapshot: snapshot.id,
      ...(torn.length > 0 ? { torn: [...torn] } : {}),
      file: `${work.id}.${database.capabilities.extension}.${endings[compression]}${seal ? ".age" : ""}`,
      compression,
      encryption,
      sha256: written.sha256,
      bytes: { stored: written.bytes, plain: scan.plain },
      rows: { snapshot: held.rows, file: scan.content.counts },
      checksums: held.checksums,
      objects: held.objects,
      sequences: scan.content.sequences ?? null,
      schema: { fingerprint: fingerprintOf(held.schema), parts: outlineOf(held.schema) },
      durations: {
        dumpMs: Math.round(between - dumped),
        verifyMs: Math.round(ended - between),
        totalMs: Math.round(ended - started),
        stallMs: snapshot.stallMs?.() ?? null,
      },
      release: options.release ?? null,
      deployment: options.deployment ?? null,
      proof: null,
    };
  } catch (error) {
    if (!ctx.signal.aborted && snapshot.disturbed?.(error)) throw new Disturbed("it was disturbed", { cause: error });
    throw error;
  } finally {
    await snapshot.close();
  }
}

interface Held {
  rows: Counts;
  objects: Counts;
  schema: Schema;
  checksums: Checksums | null;
}

/** What the snapshot holds, counted while the dump runs. */
async function holds(snapshot: Snapshot, { checksums }: TakeOptions): Promise<Held> {
  const rows = await snapshot.counts();
  return {
    rows,
    objects: await snapshot.objects(),
    schema: await snapshot.schema(),
    checksums: checksums ? await snapshot.checksums() : null,
  };
}

/** Waits for all. When one fails, the others are ended and waited for, and the failure that came first is thrown. */
async function allOrNone(
  dump: Writing,
  counting: Promise<Held>,
  scanning: Promise<Scan>,
  snapshot: Snapshot,
): Promise<[Written, Held, Scan]> {
  const failures: unknown[] = [];
  const failed = (error: unknown): void => {
    failures.push(error);
    dump.stop();
  };
  const [written, held, scan] = await Promise.all([
    dump.done.catch(async (error: unknown) => {
      failures.push(error);
      // A count may wait for a lock as long as the dump did.
      await snapshot.close();
    }),
    counting.catch(failed),
    scanning.catch(failed),
  ]);
  if (written && held && scan) return [written, held, scan];
  throw failures[0];
}

/** A dump that ends early, or holds other rows than the snapshot did, is none. */
function judge({ plain, content }: Scan, rows: Counts, subject: string): void {
  const fail = (cause: string): never => {
    throw new AplomoError({ operation: "make the", subject, cause, hint: "Nothing was kept; earlier backups are as they were." });
  };
  if (content.complete !== true) fail(content.complete);
  if (plain < floor) fail(`the dump has ${plain} bytes only`);
  if (content.counts === null) return;
  // Rows of extensions may be dumped too; those are not counted in the snapshot.
  const known = Object.fromEntries(Object.keys(rows).map((table) => [table, content.counts?.[table] ?? 0]));
  const differences = compareCounts(rows, known, { wanted: "in the snapshot", found: "in the file" });
  if (differences.length > 0) fail(`the file does not hold the rows of its snapshot: ${some(differences)}`);
}

function hintFor(cause: unknown): { hint?: string } {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT")
    return { hint: "Free disk space, or set backups.directory to another disk. Nothing was kept of this one." };
  return {};
}
