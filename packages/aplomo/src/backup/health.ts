import { formatDuration } from "../base/time.ts";
import { scratchName, type Database } from "../databases/contract.ts";
import { listBackups } from "./catalogue.ts";
import { readLedger } from "./offsite-ledger.ts";
import { storeTitle, type Policy } from "./policy.ts";
import { readScheduled } from "./schedule.ts";

const hour = 60 * 60 * 1_000;
/** As long as a backup may take or wait. */
const grace = 2 * hour;

/** How one database's backups stand. */
export interface BackupHealth {
  database: string;
  /** The newest one, proven or not. */
  id: string | null;
  age: string | null;
  proven: { id: string; age: string } | null;
  /** Why it is time to look; null: all is well, or nobody said what to expect. */
  late: string | null;
  /** Databases that were replaced and are kept until a person removes them; null when the server cannot be asked. */
  kept: string[] | null;
}

export async function backupHealth(database: Database, policy: Policy, now: Date): Promise<BackupHealth> {
  const all = await listBackups(policy.directory, { database: database.name });
  const [newest] = all;
  const proven = all.find(({ manifest }) => manifest.proof?.proven);
  const ageOf = (createdAt: string): number => now.getTime() - new Date(createdAt).getTime();
  const scheduled = await readScheduled(policy.root);
  const limit = policy.maxAge ?? (scheduled ? (scheduled.every ?? 24 * hour) + grace : undefined);
  // With a schedule that was only just installed there need not be one yet.
  const since = proven?.manifest.createdAt ?? (policy.maxAge === undefined ? scheduled?.installedAt : undefined);
  const tooOld = limit !== undefined && (since === undefined || ageOf(since) > limit);
  return {
    database: database.name,
    id: newest?.id ?? null,
    age: newest ? formatDuration(ageOf(newest.manifest.createdAt)) : null,
    proven: proven ? { id: proven.id, age: formatDuration(ageOf(proven.manifest.createdAt)) } : null,
    late: tooOld ? tell(proven && formatDuration(ageOf(proven.manifest.createdAt)), limit) : failedProof(newest),
    kept: await keptOf(database),
  };
}

function tell(age: string | undefined, limit: number): string {
  const expected = `at least every ${formatDuration(limit)} one is expected`;
  return age === undefined ? `there is no proven backup, and ${expected}` : `the newest proven backup is ${age} old, and ${expected}`;
}

function failedProof(newest: Awaited<ReturnType<typeof listBackups>>[number] | undefined): string | null {
  const proof = newest?.manifest.proof;
  return proof && !proof.proven ? `the proof of the newest backup failed: ${proof.differences[0] ?? ""}` : null;
}

async function keptOf(database: Database): Promise<string[] | null> {
  try {
    const names = await database.listScratch();
    const kept = names.filter((name) =>
      ["kept", "before", "replaced", "copy"].some((purpose) => name.startsWith(scratchName(purpose, ""))),
    );
    return await Promise.all(kept.map((name) => database.place(name)));
  } catch {
    // Stopped, or not there yet: the rest of the status does not need it.
    return null;
  }
}

/** How one store stood when a run last reached for it. */
export interface StoreHealth {
  store: string;
  completeAt: string | null;
  failure: { message: string; since: string } | null;
}

export async function storeHealth(policy: Policy): Promise<StoreHealth[]> {
  const { stores } = await readLedger(policy.directory);
  return policy.stores.map(storeTitle).map((store) => {
    const state = stores[store];
    const failure = state?.failure ? { message: state.failure.message, since: state.failure.since } : null;
    return { store, completeAt: state?.completeAt ?? null, failure };
  });
}
