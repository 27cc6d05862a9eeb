import { join } from "node:path";
import { AplomoError, reason } from "../base/errors.ts";
import type { FailureNote } from "../base/events.ts";
import { readIfPresent, writeFileSafely } from "../host/files.ts";

/** What is known of the stores, beside the backups: for `status`, and for whoever asks since when a store fails. The stores themselves are asked at each run. */
export interface Ledger {
  format: "aplomo-offsite";
  version: 1;
  stores: Record<string, StoreState>;
}

export interface StoreState {
  /** When the last run ended in which everything that should be there was brought there. */
  completeAt: string | null;
  /** Null when the last run went well. */
  failure: (FailureNote & { since: string; at: string }) | null;
  /** Copies that were read back there, by `database/tier/id`. */
  copies: Record<string, { sha256: string; bytes: number; verifiedAt: string }>;
}

const file = "offsite.json";

export async function readLedger(directory: string): Promise<Ledger> {
  const text = await readIfPresent(join(directory, file));
  try {
    const read = JSON.parse(text ?? "null") as Ledger | null;
    if (read?.format === "aplomo-offsite" && read.version === 1) return read;
  } catch {
    // It says nothing that the next run does not find out again.
  }
  return { format: "aplomo-offsite", version: 1, stores: {} };
}

export async function writeLedger(directory: string, ledger: Ledger): Promise<void> {
  await writeFileSafely(join(directory, file), `${JSON.stringify(ledger, null, 2)}\n`);
}

export function stateOf(ledger: Ledger, store: string): StoreState {
  return (ledger.stores[store] ??= { completeAt: null, failure: null, copies: {} });
}

/** The failure as the ledger has it; since when is kept from the first one in a row. */
export function noteFailure(state: StoreState, error: unknown, now: Date): FailureNote {
  const note: FailureNote = { message: reason(error), ...(error instanceof AplomoError && error.hint ? { hint: error.hint } : {}) };
  state.failure = { ...note, since: state.failure?.since ?? now.toISOString(), at: now.toISOString() };
  return note;
}
