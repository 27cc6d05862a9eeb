import { AplomoError } from "../base/errors.ts";
import type { InvariantSettings } from "../config/schema.ts";
import type { Database } from "../databases/contract.ts";
import type { Context } from "../host/context.ts";
import type { BackupRecord, Proof } from "./manifest.ts";
import type { Policy } from "./policy.ts";
import { proveBackup } from "./prove.ts";
import { planPrune, prune } from "./retention-prune.ts";
import { sealFor } from "./server-key.ts";
import { takeBackup } from "./take.ts";
import { keepInTiers } from "./tiers-keep.ts";

/** What a run is for. */
export interface RunOptions {
  /** `daily` takes part in tiers and retention; `manual` stays until a person removes it. */
  tier: "daily" | "manual";
  invariants: Record<string, InvariantSettings>;
  /** The release whose data this is. */
  release: string | undefined;
  /** Releases that are kept. */
  releases: readonly string[];
}

/** What became of one database in a run. */
export interface RunReport {
  record: BackupRecord;
  /** Null: it could not be tried. */
  proof: Proof | null;
  /** The weekly and monthly places it also got. */
  kept: string[];
  deleted: string[];
}

/** One backup from beginning to end: taken, proven, put into its tiers, and what it replaces removed. The caller holds the app's lock. */
export async function runBackup(ctx: Context, database: Database, policy: Policy, options: RunOptions): Promise<RunReport> {
  const { app, directory, zone, keep, compress, checksums } = policy;
  const { tier, release, releases, invariants } = options;
  const seal = await sealFor(policy.root, policy.recipients, false);
  const taken = await takeBackup(ctx, database, { app, directory, tier, compress, checksums, seal, release });
  const proof = await prove(ctx, database, taken, { open: seal?.open, invariants });
  const record = { ...taken, manifest: { ...taken.manifest, proof } };
  if (!proof?.proven) return { record, proof, kept: [], deleted: [] };
  const kept = await keepInTiers(ctx, record, { directory, zone });
  const verdicts = await planPrune(directory, database.name, keep, { now: ctx.now(), zone, releases });
  const { deleted } = await prune(ctx, directory, verdicts);
  return { record, proof, kept: kept.map(({ id }) => id), deleted };
}

/** A proof that cannot be tried is told and takes nothing away: the backup is there, and is not proven. */
async function prove(
  ctx: Context,
  database: Database,
  record: BackupRecord,
  options: Parameters<typeof proveBackup>[3],
): Promise<Proof | null> {
  try {
    return await proveBackup(ctx, database, record, options);
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (!(error instanceof AplomoError)) throw error;
    const hint = `${error.hint ? `${error.hint} ` : ""}Then prove it: aplomo backup drill ${record.id}.`;
    ctx.emit({ type: "warning", message: `backup ${record.id} is not proven: ${error.message}`, hint });
    return null;
  }
}
