// Each engine the app knows, for tests that hold for all of them: a fresh, empty database, and a way to look into it.
import { after, before, describe } from "node:test";
import { join } from "node:path";
import Database from "libsql";
import { Client } from "pg";
import { folder, postgresPrograms, startPostgres } from "./support.js";

/**
 * @typedef {object} Fresh
 * @property {Record<string, string>} env what the app needs to find it
 * @property {(sql: string) => Promise<any[]>} look
 *
 * @param {string} name
 * @param {(fresh: (t: import("node:test").TestContext) => Promise<Fresh>, engine: "sqlite" | "postgres") => void} body
 */
export function eachEngine(name, body) {
  describe(`${name}, SQLite`, () => body(freshSqlite, "sqlite"));

  const skip = postgresPrograms() === "" && "no PostgreSQL programs in /usr/lib/postgresql";
  describe(`${name}, PostgreSQL`, { skip }, () => {
    /** @type {Awaited<ReturnType<typeof startPostgres>>} */
    let server;
    let count = 0;
    before(async () => {
      server = await startPostgres();
    });
    after(() => server?.stop());
    body(async (t) => {
      const database = `agenda_${(count += 1)}`;
      await ask(server.url("postgres"), `CREATE DATABASE ${database}`);
      t.after(() => ask(server.url("postgres"), `DROP DATABASE ${database} WITH (FORCE)`));
      return { env: { DATABASE_URL: server.url(database) }, look: (sql) => ask(server.url(database), sql) };
    }, "postgres");
  });
}

/** @param {import("node:test").TestContext} t @returns {Promise<Fresh>} */
async function freshSqlite(t) {
  const file = join(folder(t), "data", "agenda.db");
  return {
    env: { DATABASE_FILE: file },
    async look(sql) {
      const database = new Database(file, { timeout: 5_000 });
      try {
        return database.prepare(sql).all([]);
      } finally {
        database.close();
      }
    },
  };
}

/** @param {string} url @param {string} sql */
async function ask(url, sql) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
