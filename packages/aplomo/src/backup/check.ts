import { AplomoError, reason } from "../base/errors.ts";
import type { Evidence } from "../base/events.ts";
import type { Context } from "../host/context.ts";
import { compareCounts, some, sum } from "./compare.ts";
import type { BackupRecord } from "./manifest.ts";
import { scanDump, sha256Of, type Scan } from "./scan.ts";

/** Reads the whole file: SHA-256, decompression, end of the dump, rows. Throws when one of them is not what the manifest says. */
export async function checkBackup(ctx: Context, record: BackupRecord): Promise<Evidence> {
  const { manifest } = record;
  const fail = (cause: string): never => {
    const hint = "Do not restore it. Take a new backup now, and look for an older one with `aplomo backup list`.";
    throw new AplomoError({ operation: "verify the backup", subject: record.id, cause, hint });
  };
  const [hash, scan] = await Promise.all([
    sha256Of(record.file, ctx.signal),
    scanDump(ctx, record.file, manifest.compression, manifest.engine).catch((error: unknown): Scan => {
      ctx.signal.throwIfAborted();
      return { plain: 0, content: { complete: reason(error), counts: null } };
    }),
  ]);
  if (hash.bytes !== manifest.bytes.stored) fail(`the file has ${hash.bytes} bytes, the manifest says ${manifest.bytes.stored}`);
  if (hash.sha256 !== manifest.sha256) fail(`its SHA-256 is ${hash.sha256}, the manifest says ${manifest.sha256}`);
  if (scan.content.complete !== true) fail(scan.content.complete);
  if (scan.plain !== manifest.bytes.plain) fail(`the dump has ${scan.plain} bytes, the manifest says ${manifest.bytes.plain}`);
  const differences = scan.content.counts
    ? compareCounts(manifest.rows.file ?? {}, scan.content.counts, { wanted: "in the manifest", found: "in the file" })
    : [];
  if (differences.length > 0) fail(some(differences));
  return { backup: record.id, sha256: hash.sha256, bytes: hash.bytes, rows: sum(manifest.rows.snapshot) };
}
