import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import type { TextRow, WantedTable } from "../../../src/databases/contract.ts";
import type { Files } from "../../../src/migrations/contract.ts";
import { readStanding, sayStanding, type Found } from "../../../src/migrations/standing.ts";
import { tools } from "../../../src/migrations/tools/index.ts";

const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
const filesOf = (texts: Record<string, string>): Files =>
  Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));

interface Case {
  name: string;
  files: Record<string, string> | null;
  tables: Record<string, TextRow[]>;
  found: Partial<Found> | undefined;
}

const prismaRow = (name: string, text: string, more: TextRow = {}): TextRow => ({
  migration_name: name,
  checksum: sha(text),
  started_at: `2026-01-01 ${name}`,
  finished_at: "2026-01-01",
  rolled_back_at: null,
  ...more,
});
const prismaFiles = { "migration_lock.toml": "", "1_a/migration.sql": "A;\n", "2_b/migration.sql": "B;", "3_c/migration.sql": "C;" };
const journal = JSON.stringify({ entries: [1, 2, 3].map((when) => ({ idx: when, when, tag: `000${when}_x` })) });
const drizzleFiles = { "meta/_journal.json": journal, "0001_x.sql": "A", "0002_x.sql": "B", "0003_x.sql": "C" };
const knexFiles = { "20260101000000_a.ts": "knex.schema", "20260102000000_b.ts": "knex.schema", "types.d.ts": "" };
const revision = (id: string, down: string): string => `"""${id}"""\nrevision: str = '${id}'\ndown_revision: Union[str, None] = ${down}\n`;
const alembicFiles = {
  "a.py": revision("bbb", "'aaa'"),
  "b.py": revision("aaa", "None"),
  "c.py": revision("ddd", "('bbb', 'ccc')"),
  "d.py": revision("ccc", "'aaa'"),
  "env.py": "",
};
const flywayRow = (rank: string, version: string | null, description: string, checksum: string, success = "true"): TextRow => ({
  installed_rank: rank,
  version,
  description,
  type: "SQL",
  checksum,
  success,
});

const cases: Case[] = [
  {
    name: "prisma: two applied, one pending",
    files: prismaFiles,
    tables: { _prisma_migrations: [prismaRow("1_a", "A;\n"), prismaRow("2_b", "B;")] },
    found: { tool: "prisma", applied: ["1_a", "2_b"], pending: ["3_c"] },
  },
  {
    name: "prisma: line ends alone are no edit",
    files: { ...prismaFiles, "1_a/migration.sql": "A;\r\n" },
    tables: { _prisma_migrations: [prismaRow("1_a", "A;\n")] },
    found: { tool: "prisma", applied: ["1_a"], pending: ["2_b", "3_c"] },
  },
  {
    name: "prisma: failed half-way (P3009)",
    files: prismaFiles,
    tables: { _prisma_migrations: [prismaRow("1_a", "A;\n"), prismaRow("2_b", "B;", { finished_at: null })] },
    found: { tool: "prisma", applied: ["1_a"], pending: ["3_c"], failed: ["2_b"] },
  },
  {
    name: "prisma: rolled back and to be run again",
    files: prismaFiles,
    tables: { _prisma_migrations: [prismaRow("1_a", "A;\n", { finished_at: null, rolled_back_at: "2026-01-02" })] },
    found: { tool: "prisma", pending: ["1_a", "2_b", "3_c"] },
  },
  {
    name: "prisma: edited, and one that is gone",
    files: prismaFiles,
    tables: { _prisma_migrations: [prismaRow("0_z", "Z"), prismaRow("1_a", "other")] },
    found: { tool: "prisma", applied: ["0_z", "1_a"], pending: ["2_b", "3_c"], edited: ["1_a"], missing: ["0_z"] },
  },
  {
    name: "prisma: nobody sees the files",
    files: null,
    tables: { _prisma_migrations: [prismaRow("1_a", "A")] },
    found: { tool: "prisma", applied: ["1_a"] },
  },
  { name: "prisma: no table yet", files: prismaFiles, tables: {}, found: { tool: "prisma", pending: ["1_a", "2_b", "3_c"] } },
  {
    name: "drizzle: one edited, one pending",
    files: drizzleFiles,
    tables: {
      __drizzle_migrations: [
        { hash: sha("A"), created_at: "1" },
        { hash: sha("other"), created_at: "2" },
      ],
    },
    found: { tool: "drizzle", applied: ["0001_x", "0002_x"], pending: ["0003_x"], edited: ["0002_x"] },
  },
  {
    name: "drizzle: one that was merged late is never run",
    files: drizzleFiles,
    tables: {
      __drizzle_migrations: [
        { hash: sha("A"), created_at: "1" },
        { hash: sha("C"), created_at: "3" },
        { hash: "gone", created_at: "0" },
      ],
    },
    found: { tool: "drizzle", applied: ["0001_x", "0003_x"], skipped: ["0002_x"], missing: ["0"] },
  },
  {
    name: "knex: compiled since",
    files: knexFiles,
    tables: { knex_migrations: [{ id: "1", name: "20260101000000_a.js", batch: "1" }], knex_migrations_lock: [{ is_locked: "0" }] },
    found: { tool: "knex", applied: ["20260101000000_a"], pending: ["20260102000000_b"] },
  },
  {
    name: "knex: killed while it migrated",
    files: null,
    tables: { knex_migrations: [], knex_migrations_lock: [{ is_locked: "1" }] },
    found: { tool: "knex", failed: ["the lock in knex_migrations_lock is taken"] },
  },
  {
    name: "node-pg-migrate",
    files: { "1_a.js": "exports.up = (pgm) => {}", "2_b.sql": "-- Up Migration" },
    tables: { pgmigrations: [{ id: "1", name: "1_a", run_on: "x" }] },
    found: { tool: "node-pg-migrate", applied: ["1_a"], pending: ["2_b"] },
  },
  {
    name: "typeorm: the class's name and the file's",
    files: { "1700000000000-AddA.ts": "MigrationInterface", "1700000000001-AddB.ts": "MigrationInterface" },
    tables: { migrations: [{ timestamp: "1700000000000", name: "AddA1700000000000" }] },
    found: { tool: "typeorm", applied: ["1700000000000-AddA"], pending: ["1700000000001-AddB"] },
  },
  {
    name: "sequelize",
    files: { "1-a.js": "queryInterface", "2-b.js": "queryInterface" },
    tables: { SequelizeMeta: [{ name: "1-a.js" }, { name: "0-z.js" }] },
    found: { tool: "sequelize", applied: ["0-z", "1-a"], pending: ["2-b"], missing: ["0-z"] },
  },
  {
    name: "alembic: branches and a merge",
    files: alembicFiles,
    tables: { alembic_version: [{ version_num: "bbb" }] },
    found: { tool: "alembic", applied: ["aaa", "bbb"], pending: ["ccc", "ddd"] },
  },
  {
    name: "alembic: a revision that no file has",
    files: alembicFiles,
    tables: { alembic_version: [{ version_num: "zzz" }] },
    found: { tool: "alembic", pending: ["aaa", "bbb", "ccc", "ddd"], missing: ["zzz"] },
  },
  {
    name: "flyway: numbers in their order, repeatable again, one failed",
    files: { "V1__a.sql": "", "V2__b.sql": "SELECT 1;\n", "V10__c_d.sql": "x", "R__views.sql": "new" },
    tables: {
      flyway_schema_history: [flywayRow("1", "1", "a", "0"), flywayRow("2", "2", "b", "1", "false"), flywayRow("3", null, "views", "1")],
    },
    found: { tool: "flyway", applied: ["V1 a"], pending: ["V10 c d", "R views"], failed: ["V2 b"] },
  },
  {
    name: "flyway: edited, and one that came too late",
    files: { "V1__a.sql": "changed", "V1.5__b.sql": "", "V2__c.sql": "" },
    tables: { flyway_schema_history: [flywayRow("1", "1", "a", "0"), flywayRow("2", "2", "c", "0")] },
    found: { tool: "flyway", applied: ["V1 a", "V2 c"], edited: ["V1 a"], skipped: ["V1.5 b"] },
  },
  {
    name: "a runner of the application's own",
    files: { "001_a.sql": "", "002_b.sql": "" },
    tables: { migrations: [{ name: "001_a.sql" }] },
    found: { tool: "sql", applied: ["001_a"], pending: ["002_b"] },
  },
  { name: "SQL files, and nothing that says who runs them", files: { "001_a.sql": "" }, tables: {}, found: undefined },
];

/** What a driver answers of these tables. */
function database(tables: Record<string, TextRow[]>): { read(wanted: readonly WantedTable[]): Promise<(TextRow[] | null)[]> } {
  const has = (row: TextRow | undefined, columns: readonly string[]): boolean =>
    row === undefined || columns.every((column) => column in row);
  return {
    read: async (wanted) => wanted.map(({ table, columns }) => (has(tables[table]?.[0], columns) ? (tables[table] ?? null) : null)),
  };
}

describe("migrations are known by their tool's own table", () => {
  const empty = { applied: [], pending: [], failed: [], edited: [], missing: [], skipped: [] };
  for (const { name, files, tables, found } of cases) {
    it(name, async () => {
      const standing = await readStanding(database(tables), { files: files && filesOf(files) });
      assert.deepEqual(standing, found && { ...empty, ...found });
    });
  }

  it("in a folder that Aplomo runs itself, and under another name of the table", async () => {
    const files = filesOf({ "001_a.sql": "A", "002_b.sql": "B", "002_b.down.sql": "" });
    const row = { name: "001_a.sql", checksum: sha("A"), finished_at: "2026" };
    const own = await readStanding(database({ aplomo_migrations: [row] }), { files, own: true });
    assert.deepEqual(own, { ...empty, tool: "sql", applied: ["001_a.sql"], pending: ["002_b.sql"] });
    const broken = await readStanding(database({ aplomo_migrations: [{ ...row, finished_at: null }] }), { files, own: true });
    assert.deepEqual(broken?.failed, ["001_a.sql"]);
    const renamed = await readStanding(database({ steps: [{ id: "1", name: "20260101000000_a.js", batch: "1" }] }), {
      files: filesOf(knexFiles),
      table: "steps",
    });
    assert.deepEqual([renamed?.tool, renamed?.applied.length], ["knex", 1]);
  });

  it("is said in words, the unusual too", () => {
    const said = sayStanding({
      ...empty,
      tool: "prisma",
      applied: ["a", "b"],
      pending: ["c", "d", "e", "f", "g"],
      failed: ["x"],
      edited: ["a"],
    });
    assert.deepEqual(said, [
      "prisma: 2 applied, 5 pending: c, d, e, f and 1 more",
      "prisma: failed half-way: x",
      "prisma: edited after it was applied: a",
    ]);
  });

  it("every tool that can fail half-way says what to do then", () => {
    for (const tool of tools.filter(({ name }) => ["prisma", "flyway", "knex"].includes(name))) assert.notEqual(tool.repair, "");
  });
});
