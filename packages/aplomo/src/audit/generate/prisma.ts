/**
 * What applies Prisma's migrations in an image that has neither its command line nor its engine, which a standalone build leaves out.
 * `examples/citaplanner` has the same file; a test holds that.
 */
export const applyMigrations = `// Applies prisma/migrations as \`prisma migrate deploy\` does, in Prisma's own table, so that either may go on where the other stopped.
// Prisma's engine for migrations is a program that is downloaded; this needs nothing but the driver the app has anyway.
// \`--check\` only looks: exit code 1 when a migration is pending or one has failed half-way.
import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";

const folder = new URL("migrations/", import.meta.url);
const files = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ name, sql: readFileSync(new URL(\`\${name}/migration.sql\`, folder), "utf8") }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const client = new pg.Client({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 5_000 });
await client.connect();
try {
  process.exitCode = process.argv.includes("--check") ? await check() : await apply();
} finally {
  await client.end();
}

async function apply() {
  // The number Prisma takes: only one migrates at a time.
  await client.query("SELECT pg_advisory_lock(72707369)");
  await client.query(\`CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL, logs TEXT,
    rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)\`);
  const { failed, pending } = await standing();
  if (failed.length > 0) return refuse(failed);
  for (const { name, sql } of pending) {
    const id = randomUUID();
    const checksum = createHash("sha256").update(sql).digest("hex");
    await client.query("INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)", [id, checksum, name]);
    try {
      await client.query(sql);
    } catch (error) {
      await client.query("UPDATE _prisma_migrations SET logs = $2 WHERE id = $1", [id, String(error)]);
      console.error(\`migrate: \${name} failed: \${error.message}\`);
      return 1;
    }
    await client.query("UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1", [id]);
    console.log(\`migrate: applied \${name}\`);
  }
  console.log(\`migrate: \${pending.length} applied, \${files.length - pending.length} were already\`);
  return 0;
}

async function check() {
  const { failed, pending } = await standing();
  if (failed.length > 0) return refuse(failed);
  for (const { name } of pending) console.error(\`migrate: \${name} is pending\`);
  if (pending.length === 0) console.log(\`migrate: all \${files.length} migrations are applied\`);
  return pending.length === 0 ? 0 : 1;
}

/** What the table says. A migration that is there and not in this folder belongs to a later version, and is none of ours. */
async function standing() {
  const { rows: table } = await client.query("SELECT to_regclass('_prisma_migrations') AS name");
  const { rows } = table[0].name ? await client.query("SELECT * FROM _prisma_migrations WHERE rolled_back_at IS NULL") : { rows: [] };
  const applied = new Set(rows.filter((row) => row.finished_at !== null).map((row) => row.migration_name));
  const failed = rows.filter((row) => row.finished_at === null).map((row) => row.migration_name);
  return { failed, pending: files.filter(({ name }) => !applied.has(name)) };
}

/** @param {string[]} failed */
function refuse(failed) {
  console.error(\`migrate: \${failed.join(", ")} failed half-way; nothing is done until a person has looked at it\`);
  return 1;
}
`;
