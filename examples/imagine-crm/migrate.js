// Brings the schema to what this version expects, and looks whether it is: a column that the code needs and the database lacks is named
// here, before any request meets it. Ends with 1 then.
import { readdirSync, readFileSync } from "node:fs";
import { withPool } from "./db.js";
import { drift } from "./expected.js";

const folder = new URL("migrations/", import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".sql"))
  .sort();

await withPool(async (pool) => {
  const connection = await pool.getConnection();
  try {
    const [[lock]] = await connection.query("SELECT get_lock('crm.migrate', 60) AS got");
    if (lock.got !== 1) throw new Error("another migration has been running for a minute");
    await connection.query(
      "CREATE TABLE IF NOT EXISTS migrations (name varchar(120) PRIMARY KEY, applied_at datetime NOT NULL DEFAULT now())",
    );
    const [rows] = await connection.query("SELECT name FROM migrations");
    const applied = new Set(rows.map(({ name }) => name));
    for (const name of files.filter((file) => !applied.has(file))) {
      // MariaDB commits each change of a schema by itself: one statement after the other, so that an error names its own.
      for (const statement of statements(readFileSync(new URL(name, folder), "utf8"))) await connection.query(statement);
      await connection.query("INSERT INTO migrations (name) VALUES (?)", [name]);
      console.log(`migrate: applied ${name}`);
    }
    const missing = await drift(pool);
    if (missing.length > 0) throw new Error(`the database lacks ${missing.join(", ")}`);
    console.log(`migrate: ${files.length} migrations are applied, and the schema is what this version expects`);
  } finally {
    connection.release();
  }
}).catch((error) => {
  console.error(`migrate: ${error.message}`);
  process.exitCode = 1;
});

/** @param {string} sql without semicolons inside of statements */
function statements(sql) {
  return sql
    .replace(/^--.*$/gm, "")
    .split(";")
    .map((statement) => statement.trim())
    .filter(Boolean);
}
