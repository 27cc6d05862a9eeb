import { readFile } from "node:fs/promises";
import { findBackup, listBackups } from "../backup/catalogue.ts";
import { copyElsewhere, openNamedStore } from "../backup/elsewhere.ts";
import { parseIdentities, type Identity } from "../backup/encryption-keys.ts";
import type { Latest } from "../backup/latest.ts";
import type { BackupRecord } from "../backup/manifest.ts";
import { fetchBackup } from "../backup/offsite-fetch.ts";
import type { StoreReport } from "../backup/offsite.ts";
import { policyOf, type Policy } from "../backup/policy.ts";
import { LockedError, UsageError } from "../base/errors.ts";
import type { Json } from "../base/events.ts";
import { Secret } from "../base/secret.ts";
import { parseDuration, poll } from "../base/time.ts";
import { nearest } from "../config/nearest.ts";
import type { Database } from "../databases/contract.ts";
import { listReleases } from "../deploy/releases.ts";
import type { Session } from "../deploy/session.ts";
import type { Shell } from "./shell.ts";

/** What the commands of `backup` have in common. */

export function policy(session: Session): Policy {
  return policyOf(session.config, session.paths);
}

/** The database of this name, or all of them. A name that aplomo.yml does not have is an error, not an empty answer. */
export function chooseDatabases(session: Session, name: string | undefined, operation: string): Database[] {
  const { databases } = session;
  const known = databases.map((database) => database.name);
  const chosen = databases.filter((database) => name === undefined || database.name === name);
  if (chosen.length > 0) return chosen;
  if (name === undefined) {
    const hint = "Add it to aplomo.yml under databases.";
    throw new UsageError({ operation, subject: session.config.settings.app, cause: "aplomo.yml names no database", hint });
  }
  const near = nearest(name, known);
  const hint = near === undefined ? `The databases: ${known.join(", ") || "none"}.` : `Did you mean ${near}?`;
  throw new UsageError({ operation, subject: name, cause: "aplomo.yml has no database of this name", hint });
}

/** One database: the one named, the only one there is, or the only one that has a backup of this id. */
export async function chooseOne(session: Session, name: string | undefined, id: string | undefined, operation: string): Promise<Database> {
  const chosen = chooseDatabases(session, name, operation);
  const having: Database[] = [];
  for (const database of chosen.length > 1 && id !== undefined ? chosen : []) {
    const found = await listBackups(session.paths.backups, { database: database.name });
    if (found.some((record) => record.id === id)) having.push(database);
  }
  const [only, ...others] = having.length > 0 ? having : chosen;
  if (only && others.length === 0) return only;
  const known = session.databases.map((database) => database.name).join(", ");
  throw new UsageError({ operation: "choose the database", subject: `to ${operation}`, hint: `Name one with --database: ${known}.` });
}

/** Options that say which backup is meant. */
export interface Which {
  database?: string;
  /** A store to bring it back from. */
  from?: string;
  /** A file with keys. */
  identity?: string;
}

/** A backup on this machine; with `from`, brought back to it. */
export async function findRecord(
  shell: Shell,
  session: Session,
  database: Database,
  id: string,
  from?: string,
  latest?: Latest,
): Promise<BackupRecord> {
  if (from === undefined) return findBackup(session.paths.backups, database.name, id, latest);
  const its = policy(session);
  const store = await openNamedStore(shell.ctx, its, from);
  try {
    shell.ctx.emit({ type: "progress", subject: `backup ${id}`, message: `bringing it back from ${from}` });
    return await fetchBackup(shell.ctx, store, { app: its.app, database: database.name, directory: its.directory }, id, latest);
  } finally {
    await store.close();
  }
}

export async function readIdentities(file: string | undefined): Promise<Identity[]> {
  if (file === undefined) return [];
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new UsageError({ operation: "read the key in", subject: file, cause, hint: "Give the file with the key of the recovery kit." });
  });
  return parseIdentities(new Secret(text));
}

/** Copies to every store, after the lock was given back. What failed is in the report and fails nothing. */
export async function copyAway(shell: Shell, session: Session): Promise<StoreReport[]> {
  const releases = (await listReleases(session.paths)).map(({ id }) => id);
  const names = session.databases.map(({ name }) => name);
  return (await copyElsewhere(shell.ctx, policy(session), names, releases)) ?? [];
}

export function copiesData(reports: readonly StoreReport[]): Json[] {
  return reports.map(({ store, copied, removed, missing, failure }) => ({
    store,
    copied,
    removed,
    missing,
    failure: failure === null ? null : { message: failure.message, hint: failure.hint ?? null },
  }));
}

/** As `shell.locked`, but waits for who holds the lock. */
export async function lockedWithin<T>(
  shell: Shell,
  session: Session,
  operation: string,
  wait: string | undefined,
  action: () => Promise<T>,
): Promise<T> {
  const limit = wait === undefined ? 0 : parseDuration(wait);
  if (limit === undefined) throw new UsageError({ operation: "take", subject: `--wait ${wait}`, hint: "Write a duration such as 30m." });
  let began = false;
  let last: unknown;
  const attempt = async (): Promise<{ value: T } | undefined> => {
    try {
      return {
        value: await shell.locked(session, operation, () => {
          began = true;
          return action();
        }),
      };
    } catch (error) {
      if (began || !(error instanceof LockedError)) throw error;
      last = error;
      return undefined;
    }
  };
  const done = await poll(attempt, { limit, every: 1_000, signal: shell.ctx.signal });
  if (!done) throw last;
  return done.value;
}
