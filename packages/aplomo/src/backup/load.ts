import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { reason } from "../base/errors.ts";
import type { Database } from "../databases/contract.ts";
import { fingerprintOf, outlineOf } from "../databases/schema.ts";
import type { Context } from "../host/context.ts";
import { compareCounts } from "./compare.ts";
import type { Opener } from "./encryption.ts";
import { connect, type Stage } from "./flow.ts";
import type { BackupRecord, Manifest } from "./manifest.ts";
import { refuseSmallDisk } from "./room.ts";
import { sha256Of, summing } from "./scan.ts";
import { unpack } from "./unpack.ts";

/** How differences between a manifest and what came back are told. */
export const where = { wanted: "in the manifest", found: "restored" };

/** What came back that differs from the manifest, in words. */
export interface Comparison {
  /** The file, its rows or its objects are not what was backed up. */
  data: string[];
  /** Parts of the schema whose definition reads differently. */
  schema: string[];
}

/** Restores a backup into an empty scratch database and compares. What is wrong with the backup is told, not thrown. */
export async function restoreInto(
  ctx: Context,
  database: Database,
  record: BackupRecord,
  scratch: string,
  open?: Opener,
): Promise<Comparison> {
  const subject = `backup ${record.id}`;
  ctx.emit({ type: "progress", subject, message: `restoring into ${await database.place(scratch)}` });
  const stages = await unpack(ctx, record.manifest, open);
  await database.createScratch(scratch);
  // One reading serves both. What broke off is read again to its end: the cause may be the file.
  const hashing = summing();
  const failure = await load(ctx, database, record, scratch, [hashing.stage, ...stages]);
  const { sha256, bytes } = hashing.sum() ?? (await sha256Of(record.file, ctx.signal));
  if (sha256 !== record.manifest.sha256)
    return {
      data: [
        `the file has ${bytes} bytes with SHA-256 ${sha256}; the manifest says ${record.manifest.bytes.stored} and ${record.manifest.sha256}`,
      ],
      schema: [],
    };
  if (failure !== undefined) {
    // A server that went away says nothing about the backup.
    await database.check();
    return { data: [failure], schema: [] };
  }
  ctx.emit({ type: "progress", subject, message: "comparing with the manifest" });
  return compare(database, record.manifest, scratch);
}

async function load(
  ctx: Context,
  database: Database,
  record: BackupRecord,
  scratch: string,
  unpacking: readonly Stage[],
): Promise<string | undefined> {
  const channel = await database.loader(scratch);
  if (channel.kind === "file") await refuseSmallDisk(dirname(channel.path), record.manifest.bytes.plain, `restore ${database.name} beside`);
  const input = await open(record.file, "r");
  const output = channel.kind === "file" ? await open(channel.path, "w", 0o600) : undefined;
  try {
    const stages = channel.kind === "program" ? [...unpacking, channel] : unpacking;
    await connect(ctx, stages, input.fd, output?.fd ?? "ignore").ended;
    await output?.sync();
    return undefined;
  } catch (error) {
    ctx.signal.throwIfAborted();
    return reason(error);
  } finally {
    await input.close();
    await output?.close();
  }
}

async function compare(database: Database, manifest: Manifest, scratch: string): Promise<Comparison> {
  const { rows, objects, sequences } = manifest;
  const [counts, there, values, found] = await Promise.all([
    database.counts(scratch),
    database.objects(scratch),
    sequences && database.sequences?.(scratch),
    database.schema(scratch),
  ]);
  const data = [
    ...compareCounts(rows.snapshot, counts, where),
    ...compareCounts(objects, there, where),
    ...(sequences && values ? compareCounts(sequences, values, where).map((text) => `sequence ${text}`) : []),
  ];
  if (fingerprintOf(found) === manifest.schema.fingerprint) return { data, schema: [] };
  const parts = outlineOf(found);
  const names = [...new Set([...Object.keys(parts), ...Object.keys(manifest.schema.parts)])].sort();
  return { data, schema: names.filter((name) => parts[name] !== manifest.schema.parts[name]).map((name) => `${name} is not as it was`) };
}

/** Drops a scratch database; failing to only warns, for the next run sweeps it. */
export async function dropQuietly(ctx: Context, database: Database, scratch: string): Promise<void> {
  try {
    await database.dropScratch(scratch);
  } catch (error) {
    const hint = "It is removed by the next run; it takes disk space until then.";
    ctx.emit({ type: "warning", message: `scratch database ${scratch} of ${database.name} is still there: ${reason(error)}`, hint });
  }
}
