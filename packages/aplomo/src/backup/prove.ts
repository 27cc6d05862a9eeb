import { dirname, join } from "node:path";
import type { Database } from "../databases/contract.ts";
import { scratchName } from "../databases/contract.ts";
import type { Context } from "../host/context.ts";
import { writeFileSafely } from "../host/files.ts";
import type { InvariantSettings } from "../config/schema.ts";
import { compareCounts, sum } from "./compare.ts";
import type { Opener } from "./encryption.ts";
import { brokenInvariants } from "./invariants.ts";
import { watchAside } from "./aside.ts";
import { dropQuietly, restoreInto, where } from "./load.ts";
import { readManifest, type BackupRecord, type Proof } from "./manifest.ts";
import { manifestName } from "./names.ts";

const purpose = "drill";

export interface ProveOptions {
  /** On a throw-away server where one is at hand; else, with a warning that says why, on the database's own. */
  aside?: boolean | undefined;
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
  const over = (): Pick<Proof, "at" | "durationMs"> => ({
    at: ctx.now().toISOString(),
    durationMs: Math.round(performance.now() - started),
  });
  const { server, bytes } = await database.check();
  const aside = options.aside ? await watchAside(ctx, database, bytes) : undefined;
  if (aside) {
    try {
      const proof = await compareRestored(ctx, aside.database, record, options);
      const place = { where: aside.where, peakBytes: await aside.peakBytes() };
      return await writeProof(record, { ...over(), server, ...proof, aside: place });
    } finally {
      await aside.close();
    }
  }
  for (const left of await database.listScratch()) {
    if (left.startsWith(scratchName(purpose, ""))) await database.dropScratch(left);
  }
  try {
    const proof = await compareRestored(ctx, database, record, options);
    return await writeProof(record, { ...over(), server, ...proof });
  } finally {
    await dropQuietly(ctx, database, scratchName(purpose, record.id));
  }
}

/** Writes the proof of a backup that was restored for another purpose, and compared without a difference; checksums and invariants were not. */
export async function noteRestored(ctx: Context, record: BackupRecord, how: Pick<Proof, "server" | "durationMs" | "for">): Promise<void> {
  const { snapshot } = record.manifest.rows;
  const seen = { proven: true, tables: Object.keys(snapshot).length, rows: sum(snapshot), differences: [] };
  await writeProof(record, { at: ctx.now().toISOString(), ...how, ...seen });
}

async function compareRestored(
  ctx: Context,
  database: Database,
  record: BackupRecord,
  options: ProveOptions,
): Promise<Pick<Proof, "proven" | "tables" | "rows" | "checksums" | "differences">> {
  const { rows, checksums } = record.manifest;
  const scratch = scratchName(purpose, record.id);
  const { data, schema } = await restoreInto(ctx, database, record, scratch, options.open);
  const broken = data.length > 0 ? [] : (await brokenInvariants(database, options.invariants ?? {}, { scratch })).broken;
  // Where rows are missing it is known that their table differs.
  const changed = data.length > 0 || !checksums ? [] : compareCounts(checksums, await database.checksums(scratch), where);
  const differences = [...data, ...schema, ...changed.map((text) => `checksum of ${text}`), ...broken.map((one) => `invariant ${one}`)];
  return {
    proven: differences.length === 0,
    tables: Object.keys(rows.snapshot).length,
    rows: sum(rows.snapshot),
    ...(checksums ? { checksums: Object.keys(checksums).length } : {}),
    differences,
  };
}

/** The rest of the manifest stays as it stands on the disk. */
async function writeProof(record: BackupRecord, proof: Proof): Promise<Proof> {
  const path = join(dirname(record.file), manifestName(record.id));
  const manifest = (await readManifest(path)) ?? record.manifest;
  await writeFileSafely(path, `${JSON.stringify({ ...manifest, proof }, null, 2)}\n`);
  return proof;
}
