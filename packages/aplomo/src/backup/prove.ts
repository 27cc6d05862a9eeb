import { dirname, join } from "node:path";
import type { Database } from "../databases/contract.ts";
import { scratchName } from "../databases/contract.ts";
import type { Context } from "../host/context.ts";
import { writeFileSafely } from "../host/files.ts";
import type { InvariantSettings } from "../config/schema.ts";
import { sum } from "./compare.ts";
import type { Opener } from "./encryption.ts";
import { brokenInvariants } from "./invariants.ts";
import { dropQuietly, restoreInto } from "./load.ts";
import { readManifest, type BackupRecord, type Proof } from "./manifest.ts";
import { manifestName } from "./names.ts";

const purpose = "drill";

export interface ProveOptions {
  /** Opens it, where it is encrypted. */
  open?: Opener | undefined;
  /** What must hold of the restored data too. */
  invariants?: Record<string, InvariantSettings> | undefined;
}

/**
 * Restores a backup into a scratch database, compares, drops it and writes the proof into the manifest. A backup that fails
 * gives `proven: false`; only a server that cannot be asked throws. The caller holds the app's lock: drills that a crash
 * left are dropped first.
 */
export async function proveBackup(ctx: Context, database: Database, record: BackupRecord, options: ProveOptions = {}): Promise<Proof> {
  const started = performance.now();
  const { server } = await database.check();
  for (const left of await database.listScratch()) {
    if (left.startsWith(scratchName(purpose, ""))) await database.dropScratch(left);
  }
  const scratch = scratchName(purpose, record.id);
  try {
    const { data, schema } = await restoreInto(ctx, database, record, scratch, options.open);
    const broken = data.length > 0 ? [] : (await brokenInvariants(database, options.invariants ?? {}, { scratch })).broken;
    const differences = [...data, ...schema, ...broken.map((one) => `invariant ${one}`)];
    const proof: Proof = {
      at: ctx.now().toISOString(),
      proven: differences.length === 0,
      durationMs: Math.round(performance.now() - started),
      server,
      tables: Object.keys(record.manifest.rows.snapshot).length,
      rows: sum(record.manifest.rows.snapshot),
      differences,
    };
    await writeProof(record, proof);
    return proof;
  } finally {
    await dropQuietly(ctx, database, scratch);
  }
}

/** The rest of the manifest stays as it stands on the disk. */
async function writeProof(record: BackupRecord, proof: Proof): Promise<void> {
  const path = join(dirname(record.file), manifestName(record.id));
  const manifest = (await readManifest(path)) ?? record.manifest;
  await writeFileSafely(path, `${JSON.stringify({ ...manifest, proof }, null, 2)}\n`);
}
