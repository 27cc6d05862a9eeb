import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../base/errors.ts";
import type { Evidence } from "../base/events.ts";
import { scratchName, type Database } from "../databases/contract.ts";
import { headBytes, kindOf } from "../databases/formats.ts";
import { onlyTable, tamed } from "../databases/index.ts";
import type { Context } from "../host/context.ts";
import { sum } from "./compare.ts";
import { decompression } from "./compress.ts";
import type { Opener } from "./encryption.ts";
import { connect, type Stage } from "./flow.ts";
import { dropQuietly } from "./load.ts";
import type { BackupRecord } from "./manifest.ts";
import { refuseTaken } from "./beside.ts";
import { unpack } from "./unpack.ts";

/** What is loaded into a database of its own though no manifest says what must come out of it. */
export type Source = { record: BackupRecord; open: Opener | undefined } | { path: string };

/**
 * Loads one table of a backup, or a dump that another tool made (plain, -Fc, -Fd, gz, zst), into a database beside the live one, and counts
 * what came. It cannot reach the live database, whatever the dump says.
 */
export async function loadBeside(
  ctx: Context,
  database: Database,
  source: Source,
  options: { name: string; only?: string | undefined },
): Promise<Evidence> {
  const scratch = scratchName("copy", options.name);
  const place = await refuseTaken(database, scratch);
  const { stages, path } = await stagesOf(ctx, database, source);
  if (options.only !== undefined) {
    const { only } = options;
    stages.push({ transform: () => onlyTable(database.engine, only) });
  }
  ctx.emit({ type: "progress", subject: `database ${database.name}`, message: `loading into ${place}` });
  const input = path === null ? undefined : await open(path, "r");
  try {
    await database.createScratch(scratch);
    const channel = await database.loader(scratch);
    const output = channel.kind === "file" ? await open(channel.path, "w", 0o600) : undefined;
    try {
      await connect(ctx, channel.kind === "program" ? [...stages, channel] : stages, input?.fd ?? null, output?.fd ?? "ignore").ended;
      await output?.sync();
    } finally {
      await output?.close();
    }
    const counts = await database.counts(scratch);
    return { place, tables: counts, rows: sum(counts) };
  } catch (error) {
    await dropQuietly(ctx, database, scratch);
    throw error;
  } finally {
    await input?.close();
  }
}

/** What turns the source into a plain dump, and the file it begins with; null where a program reads a folder by itself. */
async function stagesOf(ctx: Context, database: Database, source: Source): Promise<{ stages: Stage[]; path: string | null }> {
  if ("record" in source) return { stages: await unpack(ctx, source.record.manifest, source.open), path: source.record.file };
  const { path } = source;
  if ((await stat(path)).isDirectory()) {
    if (!(await stat(join(path, "toc.dat")).catch(() => undefined))) refuse(path, "it is a folder, and none that pg_dump -Fd made");
    return { stages: [await archive(database, "directory", path)], path: null };
  }
  const stages: Stage[] = [];
  let kind = kindOf(await headOf(ctx, path, stages));
  if ("wrapped" in kind) {
    stages.push(await decompression(ctx, kind.wrapped));
    kind = kindOf(await headOf(ctx, path, stages));
  }
  if ("wrapped" in kind || kind.format === "unknown") refuse(path, "it is no dump that is known here");
  if (kind.engine !== null && !sameKind(kind.engine, database.engine))
    refuse(path, `it is of ${kind.engine}, and ${database.name} is ${database.engine}`);
  if (kind.format === "custom") stages.push(await archive(database, "custom", path));
  else if (kind.format === "plain") stages.push({ transform: () => tamed(database.engine) });
  // A file that is copied as it is still goes through something that reads it.
  else if (stages.length === 0) stages.push({ command: { argv: ["cat"] } });
  return { stages, path };
}

function sameKind(one: string, other: string): boolean {
  return one === other || (one === "mariadb" && other === "mysql");
}

async function archive(database: Database, format: "custom" | "directory", path: string): Promise<Stage> {
  const command = await database.archiveReader?.(format, path);
  if (!command) return refuse(path, `it is an archive of PostgreSQL, and ${database.name} is ${database.engine}`);
  return { command };
}

/** The first bytes behind the stages so far. */
async function headOf(ctx: Context, path: string, stages: readonly Stage[]): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    if (stages.length === 0) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      return buffer.subarray(0, bytesRead);
    }
    const flow = connect(ctx, stages, file.fd, "node");
    const chunks: Buffer[] = [];
    for await (const chunk of flow.output ?? []) {
      chunks.push(chunk as Buffer);
      if (Buffer.concat(chunks).length >= headBytes) break;
    }
    flow.stop();
    // It was stopped, or ended of itself: nobody wants the rest.
    await flow.ended.catch(() => {});
    return Buffer.concat(chunks);
  } finally {
    await file.close();
  }
}

function refuse(path: string, cause: string): never {
  const hint = "Give a plain dump, one of pg_dump -Fc or -Fd, or of mongodump --archive; also compressed with gzip or zstd.";
  throw new UsageError({ operation: "restore from", subject: path, cause, hint });
}
