import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "libsql";
import { Taken, Unavailable } from "./failures.js";

/** How long one attempt holds this process up while another one writes, and how long it is tried again before giving up. */
const BUSY_MS = 100;
const PATIENCE_MS = 5_000;

/**
 * @param {string} file
 * @param {{ migrating: boolean }} options
 * @returns {import("./open.js").Storage}
 */
export function openSqlite(file, { migrating }) {
  // Only a migration may create the file: started with a wrong path, the app must not show an empty agenda.
  if (migrating) mkdirSync(dirname(file), { recursive: true });
  else if (!existsSync(file)) throw new Unavailable(`There is no database at ${file}. Run migrate.js first, or correct DATABASE_FILE.`);

  // Two connections: in WAL mode whoever reads does not wait for who writes.
  const reader = connect(file, migrating);
  const writer = connect(file, migrating);
  /** @type {Promise<unknown>} */
  let turn = Promise.resolve();

  return {
    engine: "sqlite",
    query: async (sql, values) => rows(reader, sql, values),
    transaction(work) {
      // There is one writing connection, so transactions of this process take turns on it.
      const result = turn.then(() => inTransaction(writer, work, migrating));
      turn = result.catch(() => {});
      return result;
    },
    // A migration's transaction locks the file, and looks inside it again whether the migration was done meanwhile.
    exclusively: (work) => work(),
    async close() {
      await turn;
      reader.close();
      writer.close();
    },
  };
}

/**
 * @param {string} file
 * @param {boolean} migrating
 */
function connect(file, migrating) {
  const database = new Database(file, { timeout: BUSY_MS });
  enterWal(database);
  // A booking that was confirmed survives a power cut: each commit is flushed.
  database.pragma("synchronous = FULL");
  // A migration that rebuilds a table drops the old one; the references are checked before its commit instead.
  database.pragma(`foreign_keys = ${migrating ? "OFF" : "ON"}`);
  return database;
}

/**
 * Of two that open a new file at once one is told that it is busy, whatever its timeout: SQLite does not wait where both could wait for each other.
 * @param {Database.Database} database
 */
function enterWal(database) {
  const giveUp = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      database.pragma("journal_mode = WAL");
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() > giveUp) throw error;
      // Nobody is served yet who could be kept waiting.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/**
 * @template T
 * @param {Database.Database} database
 * @param {(query: import("./open.js").Query) => Promise<T>} work
 * @param {boolean} migrating
 */
async function inTransaction(database, work, migrating) {
  await begin(database);
  try {
    const result = await work(async (sql, values) => rows(database, sql, values));
    if (migrating) checkReferences(database);
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.inTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/**
 * Takes the write lock at once, so that no statement inside has to wait. Between attempts the process answers others.
 * @param {Database.Database} database
 */
async function begin(database) {
  const giveUp = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      database.exec("BEGIN IMMEDIATE");
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (Date.now() > giveUp) throw new Unavailable(`Another process has been writing for ${PATIENCE_MS / 1000} s.`, { cause: error });
      await sleep(20);
    }
  }
}

/**
 * @param {Database.Database} database
 * @param {string} sql
 * @param {unknown[]} [values]
 */
function rows(database, sql, values = []) {
  try {
    return database.prepare(sql).all(values);
  } catch (error) {
    if (/** @type {any} */ (error).code === "SQLITE_CONSTRAINT_UNIQUE")
      throw new Taken(/** @type {Error} */ (error).message, { cause: error });
    if (isBusy(error)) throw new Unavailable("Another process is writing.", { cause: error });
    throw error;
  }
}

/** @param {Database.Database} database */
function checkReferences(database) {
  const broken = rows(database, "PRAGMA foreign_key_check");
  if (broken.length > 0) throw new Error(`${broken.length} rows refer to rows that are gone, the first in table ${broken[0].table}`);
}

/** @param {unknown} error */
function isBusy(error) {
  return String(/** @type {any} */ (error).code).startsWith("SQLITE_BUSY");
}
