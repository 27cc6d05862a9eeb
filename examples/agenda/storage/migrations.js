// Runs each file of migrations/<engine>/ once, in order, and records it in the table `migrations`.
//
// A file is plain SQL; each statement ends with a semicolon at the end of a line. All of a file happens or none of it, unless it
// begins with `-- no transaction`, for statements a transaction cannot hold.
import { readdirSync, readFileSync } from "node:fs";

/** @param {import("./open.js").Storage} storage */
export async function migrate(storage) {
  const folder = new URL(`../migrations/${storage.engine}/`, import.meta.url);
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort();
  return storage.exclusively(async () => {
    const column = storage.engine === "postgres" ? "timestamptz" : "text";
    await storage.query(
      `CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied_at ${column} NOT NULL DEFAULT CURRENT_TIMESTAMP)`,
    );
    let count = 0;
    for (const name of names) if (await apply(storage, name, readFileSync(new URL(name, folder), "utf8"))) count += 1;
    return { count, last: names.at(-1) };
  });
}

/**
 * @param {import("./open.js").Storage} storage
 * @param {string} name
 * @param {string} sql
 * @returns {Promise<boolean>} false when it was applied already
 */
async function apply(storage, name, sql) {
  /** @param {import("./open.js").Query} query */
  const run = async (query) => {
    if ((await query("SELECT name FROM migrations WHERE name = $1", [name])).length > 0) return false;
    const began = Date.now();
    for (const statement of statements(sql)) {
      try {
        await query(statement);
      } catch (error) {
        throw new Error(`${name}: ${/** @type {Error} */ (error).message}\n  in: ${statement.split("\n")[0]}`, { cause: error });
      }
    }
    await query("INSERT INTO migrations (name) VALUES ($1)", [name]);
    console.log(`migrate: ${name} applied in ${Date.now() - began} ms`);
    return true;
  };
  return sql.startsWith("-- no transaction") ? run(storage.query) : storage.transaction(run);
}

/** @param {string} sql */
function statements(sql) {
  return sql
    .replace(/^\s*--.*$/gm, "")
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}
