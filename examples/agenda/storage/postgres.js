import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import { Taken, Unavailable } from "./failures.js";

/** Any number, as long as every process of this app takes the same one. */
const MIGRATION_LOCK = 20_261_122;
const PATIENCE_MS = 60_000;

/**
 * @param {string} url
 * @param {{ migrating: boolean }} options
 * @returns {import("./open.js").Storage}
 */
export function openPostgres(url, { migrating }) {
  const pool = new Pool({
    connectionString: url,
    application_name: migrating ? "agenda-migrate" : "agenda",
    max: migrating ? 2 : 10,
    connectionTimeoutMillis: 3_000,
    statement_timeout: migrating ? 0 : 5_000,
  });
  // The server may end a connection that rests in the pool; the next query opens a new one.
  pool.on("error", (error) => console.error(`agenda: a resting database connection was closed: ${error.message}`));

  return {
    engine: "postgres",
    query: (sql, values) => ask(pool, sql, values),
    transaction: (work) => withClient(pool, (client) => inTransaction(client, work)),
    exclusively: (work) => withClient(pool, (client) => holdingLock(client, work)),
    close: () => pool.end(),
  };
}

/**
 * @template T
 * @param {import("pg").Pool} pool
 * @param {(client: import("pg").PoolClient) => Promise<T>} work
 */
async function withClient(pool, work) {
  const client = await pool.connect().catch((error) => {
    throw translated(error);
  });
  // Without a listener a connection that breaks here would end the process; the query in progress fails anyway.
  const ignore = () => {};
  client.on("error", ignore);
  /** @type {Error | undefined} */
  let failure;
  try {
    return await work(client);
  } catch (error) {
    failure = /** @type {Error} */ (error);
    throw error;
  } finally {
    client.removeListener("error", ignore);
    // After a failure nobody knows the connection's state: it is closed, not given back.
    client.release(failure instanceof Taken ? undefined : failure);
  }
}

/**
 * @template T
 * @param {import("pg").PoolClient} client
 * @param {(query: import("./open.js").Query) => Promise<T>} work
 */
async function inTransaction(client, work) {
  await ask(client, "BEGIN");
  try {
    const result = await work((sql, values) => ask(client, sql, values));
    await ask(client, "COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

/**
 * The lock belongs to the connection, so it cannot outlive a process that dies. It is asked for again and again instead of waited
 * for: a session that waits would itself hold up CREATE INDEX CONCURRENTLY.
 * @template T
 * @param {import("pg").PoolClient} client
 * @param {() => Promise<T>} work
 */
async function holdingLock(client, work) {
  const giveUp = Date.now() + PATIENCE_MS;
  for (;;) {
    const [{ locked }] = await ask(client, "SELECT pg_try_advisory_lock($1) AS locked", [MIGRATION_LOCK]);
    if (locked) break;
    if (Date.now() > giveUp) throw new Unavailable(`Another process has been migrating for ${PATIENCE_MS / 1000} s.`);
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    await ask(client, "SELECT pg_advisory_unlock($1)", [MIGRATION_LOCK]).catch(() => {});
  }
}

/**
 * @param {{ query: Function }} database
 * @param {string} sql
 * @param {unknown[]} [values]
 */
async function ask(database, sql, values) {
  try {
    return (await database.query(sql, values)).rows;
  } catch (error) {
    throw translated(error);
  }
}

/** @param {unknown} error */
function translated(error) {
  const { code = "", message } = /** @type {{ code?: string, message: string }} */ (error);
  if (code === "23505") return new Taken(message, { cause: error });
  // Class 08: connection; 53: resources; 55P03 and 57: locks, cancelled, shutting down; otherwise a socket's code, or none at all.
  const passing = /^(08|53|55P03|57|E[A-Z]+$)/.test(code) || (code === "" && /timeout|terminated/i.test(message));
  // Every address of a name that was tried and failed makes an error without words.
  return passing ? new Unavailable(message || code, { cause: error }) : error;
}
