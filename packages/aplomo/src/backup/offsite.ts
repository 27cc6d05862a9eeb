import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { readFile } from "node:fs/promises";
import { AplomoError } from "../base/errors.ts";
import type { FailureNote } from "../base/events.ts";
import type { Context } from "../host/context.ts";
import { again, putAgain, type Persistence } from "../stores/again.ts";
import { StoreError, type Store } from "../stores/contract.ts";
import { listBackups } from "./catalogue.ts";
import type { BackupRecord } from "./manifest.ts";
import { checksumName, manifestName } from "./names.ts";
import { filesOf, takeInventory, type Copy, type Inventory, type Place } from "./offsite-inventory.ts";
import { noteFailure, readLedger, stateOf, writeLedger, type Ledger, type StoreState } from "./offsite-ledger.ts";
import { planRetention } from "./retention.ts";
import { sha256Of } from "./scan.ts";
import { datedOf, type Dated, type Keep } from "./tiers.ts";

export interface OffsiteOptions extends Place {
  /** Where the backups are on this machine. */
  directory: string;
  keep: Keep;
  zone: string;
  releases?: readonly string[] | undefined;
  persistence?: Persistence;
}

/** What became of one store in this run. */
export interface StoreReport {
  store: string;
  /** Ids that were brought there and read back. */
  copied: string[];
  removed: string[];
  /** Ids that should be there and are not yet. */
  missing: string[];
  failure: FailureNote | null;
}

/** Days after which what a killed run left is removed. */
const abandoned = 3 * 24 * 60 * 60 * 1_000;

/**
 * Brings every store to what retention says it should hold of one database: copies what is missing there, newest first, each read back,
 * and removes what is no longer kept. It never throws for a store: what failed is in the report and in the ledger, and as it
 * always asks the store what is there, the next run makes it up. Backups whose proof failed are not copied.
 */
export async function copyOffsite(ctx: Context, stores: readonly Store[], options: OffsiteOptions): Promise<StoreReport[]> {
  const ledger = await readLedger(options.directory);
  const all = await listBackups(options.directory, { database: options.database });
  const here = all.filter((record) => record.tier !== "safety" && datedOf(record).proof !== "failed");
  const reports: StoreReport[] = [];
  for (const store of stores) {
    const report: StoreReport = { store: store.name, copied: [], removed: [], missing: [], failure: null };
    const state = stateOf(ledger, store.name);
    const fail = (error: unknown): void => {
      ctx.signal.throwIfAborted();
      report.failure ??= noteFailure(state, error, ctx.now());
    };
    try {
      await bring({ ctx, store, options, ledger, state, report, fail }, here);
    } catch (error) {
      fail(error);
    } finally {
      await store.close();
    }
    if (report.failure) ctx.emit({ type: "warning", ...report.failure });
    else Object.assign(state, { completeAt: ctx.now().toISOString(), failure: null });
    await writeLedger(options.directory, ledger);
    reports.push(report);
  }
  return reports;
}

interface Work {
  ctx: Context;
  store: Store;
  options: OffsiteOptions;
  ledger: Ledger;
  state: StoreState;
  report: StoreReport;
  fail(error: unknown): void;
}

async function bring(work: Work, here: readonly BackupRecord[]): Promise<void> {
  const { ctx, store, options, report } = work;
  // Until the store was asked, all of them may be missing.
  report.missing = here.map(({ id }) => id);
  const tiers = [...new Set(here.map(({ tier }) => tier))];
  const { copies, orphans } = await takeInventory(ctx, store, options, tiers, options.persistence);
  const there = new Map(copies.map((copy) => [copy.id, copy]));
  const wanted = kept([...copies, ...here.filter(({ id }) => !there.has(id)).map(datedOf)], options, ctx.now(), Infinity);
  const missing = here.filter(({ id }) => !there.has(id) && wanted.has(id));
  report.missing = missing.map(({ id }) => id);
  for (const record of missing) {
    try {
      await copy(work, record);
      there.set(record.id, { ...datedOf(record), manifest: record.manifest, text: "" });
      report.copied.push(record.id);
      report.missing = report.missing.filter((id) => id !== record.id);
    } catch (error) {
      work.fail(error);
      // One damaged file does not keep the others here; a store that is down or full takes none.
      if (error instanceof StoreError && error.problem !== "mismatch") return;
    }
  }
  for (const record of here) await renewManifest(work, record, there.get(record.id));
  await clean(work, [...there.values()], orphans);
}

/** Ids that stay. */
function kept(all: readonly Dated[], options: OffsiteOptions, now: Date, most?: number): Set<string> {
  const { keep, zone, releases } = options;
  const plan = planRetention(all, keep, { now, zone, releases, ...(most === undefined ? {} : { most }) });
  return new Set(plan.filter(({ action }) => action === "keep").map(({ backup }) => backup.id));
}

/** The manifest comes last, and what has none counts for nothing: a run that dies here leaves no backup there that is none. */
async function copy(work: Work, { id, database, tier, file, manifest }: BackupRecord): Promise<void> {
  const { ctx, store, options } = work;
  const subject = `copy of ${id} to ${store.name}`;
  const content = { sha256: manifest.sha256, bytes: manifest.bytes.stored };
  const found = await sha256Of(file, ctx.signal);
  if (found.sha256 !== content.sha256)
    throw new AplomoError({
      operation: "make the",
      subject,
      cause: "the file here is not what its manifest says",
      hint: "Run aplomo backup verify.",
    });
  const [dump, sum] = filesOf(options, { ...manifest, tier });
  ctx.emit({ type: "progress", subject, message: "copying", done: 0, total: content.bytes });
  let told = performance.now();
  await putAgain(ctx.signal, store, file, dump, content, {
    ...options.persistence,
    progress: (done) => {
      if (performance.now() - told < 1_000) return;
      told = performance.now();
      ctx.emit({ type: "progress", subject, message: "bytes there", done, total: content.bytes });
    },
  });
  await putSmall(work, checksumName(file), sum);
  await putManifest(work, { id, tier, file, manifest });
  work.state.copies[`${database}/${tier}/${id}`] = { ...content, verifiedAt: ctx.now().toISOString() };
  await writeLedger(options.directory, work.ledger);
}

async function putManifest(work: Work, { id, tier, file, manifest }: Omit<BackupRecord, "database">): Promise<void> {
  await putSmall(work, join(dirname(file), manifestName(id)), filesOf(work.options, { ...manifest, tier })[2]);
}

async function putSmall({ ctx, store, options }: Work, path: string, name: string): Promise<void> {
  const text = await readFile(path);
  const content = { sha256: createHash("sha256").update(text).digest("hex"), bytes: text.length };
  await putAgain(ctx.signal, store, path, name, content, options.persistence);
}

/** A proof that came after the copy belongs to it too. */
async function renewManifest(work: Work, record: BackupRecord, copy: Copy | undefined): Promise<void> {
  if (!copy?.text || copy.manifest.sha256 !== record.manifest.sha256) return;
  const text = await readFile(join(dirname(record.file), manifestName(record.id)), "utf8");
  if (text !== copy.text) await putManifest(work, record);
}

async function clean({ ctx, store, options, state, report }: Work, there: readonly Copy[], orphans: Inventory["orphans"]): Promise<void> {
  const now = ctx.now();
  const remove = (name: string): Promise<void> => again(ctx.signal, () => store.remove(name), options.persistence);
  const stay = kept(there, options, now);
  for (const gone of there.filter(({ id }) => !stay.has(id))) {
    for (const name of filesOf(options, { ...gone.manifest, tier: gone.tier }).toReversed()) await remove(name);
    delete state.copies[`${options.database}/${gone.tier}/${gone.id}`];
    report.removed.push(gone.id);
  }
  const until = new Date(now.getTime() - abandoned);
  const left = new Set(report.copied);
  for (const { name, modifiedAt } of orphans) {
    const file = name.slice(name.lastIndexOf("/") + 1);
    if (modifiedAt < until && ![...left].some((id) => file.startsWith(`${id}.`))) await remove(name);
  }
  await again(ctx.signal, () => store.sweep(`${options.app}/${options.database}`, until), options.persistence);
}
