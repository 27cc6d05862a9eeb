// Where appointments are kept. Two drivers, one small contract; everything else in the app is written once, in SQL both understand.
import { openPostgres } from "./postgres.js";
import { openSqlite } from "./sqlite.js";

/**
 * @typedef {Record<string, any>} Row
 * @typedef {(sql: string, values?: unknown[]) => Promise<Row[]>} Query one statement; values are $1, $2, ... in the order they first appear
 *
 * @typedef {object} Storage
 * @property {"sqlite" | "postgres"} engine also the name of the folder its migrations are in
 * @property {Query} query reads; never waits for a writer
 * @property {<T>(work: (query: Query) => Promise<T>) => Promise<T>} transaction all or nothing; on disk once it resolves
 * @property {<T>(work: () => Promise<T>) => Promise<T>} exclusively no other process is inside `exclusively` meanwhile: for migrations
 * @property {() => Promise<void>} close
 */

/**
 * @param {{ databaseFile?: string, databaseUrl?: string }} settings
 * @param {{ migrating?: boolean }} [options] migrating: may create the database, and has all the time it needs
 * @returns {Storage}
 */
export function openStorage(settings, { migrating = false } = {}) {
  if (settings.databaseUrl) return openPostgres(settings.databaseUrl, { migrating });
  return openSqlite(settings.databaseFile ?? "", { migrating });
}
