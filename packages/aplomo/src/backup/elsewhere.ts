import { join } from "node:path";
import { LockedError, UsageError } from "../base/errors.ts";
import type { Context } from "../host/context.ts";
import { takeLock } from "../host/lock.ts";
import type { Store } from "../stores/contract.ts";
import { openStore } from "../stores/index.ts";
import { copyOffsite, type StoreReport } from "./offsite.ts";
import { storeTitle, type Policy } from "./policy.ts";

/**
 * Brings every store up to date. It may take long and changes nothing here, so it does not hold up the application: it has a lock of
 * its own. Who finds another at it leaves it to that one, whose next look, or next run, finds what is missing. Null: it was left.
 */
export async function copyElsewhere(
  ctx: Context,
  policy: Policy,
  databases: readonly string[],
  releases: readonly string[],
): Promise<StoreReport[] | null> {
  if (policy.stores.length === 0) return [];
  const lock = await takeLock(join(policy.root, "lock-copies"), "copying backups elsewhere").catch((error: unknown) => {
    if (!(error instanceof LockedError)) throw error;
    ctx.emit({ type: "warning", message: "another run copies backups elsewhere just now; the next one makes up what it leaves" });
    return undefined;
  });
  if (!lock) return null;
  try {
    const stores = await Promise.all(policy.stores.map((settings) => openStore(ctx, named(settings))));
    const { app, directory, keep, zone } = policy;
    const reports: StoreReport[] = [];
    for (const database of databases) reports.push(...(await copyOffsite(ctx, stores, { app, database, directory, keep, zone, releases })));
    return reports;
  } finally {
    await lock.release();
  }
}

/** One store of aplomo.yml by its name. */
export async function openNamedStore(ctx: Context, policy: Policy, name: string): Promise<Store> {
  const found = policy.stores.find((settings) => storeTitle(settings) === name);
  if (found) return openStore(ctx, named(found));
  const known = policy.stores.map(storeTitle).join(", ") || "none: write them under backups.copy_to";
  throw new UsageError({ operation: "find the store", subject: name, hint: `The stores: ${known}.` });
}

function named<T extends Parameters<typeof storeTitle>[0]>(settings: T): T {
  return { ...settings, name: storeTitle(settings) };
}
