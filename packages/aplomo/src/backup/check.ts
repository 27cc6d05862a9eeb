import { AplomoError, reason } from "../base/errors.ts";
import type { Evidence } from "../base/events.ts";
import type { Context } from "../host/context.ts";
import { compareCounts, some, sum } from "./compare.ts";
import type { Opener } from "./encryption.ts";
import type { BackupRecord } from "./manifest.ts";
import { scanFile, sha256Of, type Scan } from "./scan.ts";
import { unpack } from "./unpack.ts";

/**
 * Reads the whole file: SHA-256, decompression, end of the dump, rows. Throws when one of them is not what the manifest says. Of an
 * encrypted one that nothing given opens only the SHA-256 is looked at, and the evidence says so.
 */
export async function checkBackup(ctx: Context, record: BackupRecord, open?: Opener): Promise<Evidence> {
  const { manifest } = record;
  const fail = (cause: string): never => {
    const hint = "Do not restore it. Take a new backup now, and look for an older one with `aplomo backup list`.";
    throw new AplomoError({ operation: "verify the backup", subject: record.id, cause, hint });
  };
  const opens = manifest.encryption === null || open !== undefined;
  const scanning = opens
    ? scanFile(ctx, record.file, await unpack(ctx, manifest, open), manifest.engine).catch((error: unknown): Scan => {
        ctx.signal.throwIfAborted();
        return { plain: 0, content: { complete: reason(error), counts: null } };
      })
    : undefined;
  const [hash, scan] = await Promise.all([sha256Of(record.file, ctx.signal), scanning]);
  if (hash.bytes !== manifest.bytes.stored) fail(`the file has ${hash.bytes} bytes, the manifest says ${manifest.bytes.stored}`);
  if (hash.sha256 !== manifest.sha256) fail(`its SHA-256 is ${hash.sha256}, the manifest says ${manifest.sha256}`);
  const evidence = { backup: record.id, sha256: hash.sha256, bytes: hash.bytes, rows: sum(manifest.rows.snapshot) };
  if (!scan) return { ...evidence, opened: false };
  if (scan.content.complete !== true) fail(scan.content.complete);
  if (scan.plain !== manifest.bytes.plain) fail(`the dump has ${scan.plain} bytes, the manifest says ${manifest.bytes.plain}`);
  const differences = scan.content.counts
    ? compareCounts(manifest.rows.file ?? {}, scan.content.counts, { wanted: "in the manifest", found: "in the file" })
    : [];
  if (differences.length > 0) fail(some(differences));
  return { ...evidence, opened: true };
}
