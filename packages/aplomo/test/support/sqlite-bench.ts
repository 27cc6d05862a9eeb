import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { openDatabase } from "../../src/databases/index.ts";
import type { Database } from "../../src/databases/contract.ts";
import { findLibrary } from "../../src/databases/sqlite/open.ts";
import type { Bench, Dialect } from "../contract/database.suite.ts";
import { sqlDialect } from "./sql.ts";
import { databaseElsewhere, moduleUrl, runElsewhere, temporaryFolder, testConfig, testContext } from "./bench.ts";

/** A file in a folder of its own, in the given journal mode. */
export async function sqliteBench(journal: "delete" | "wal"): Promise<Bench & { folder: string; file: string }> {
  const folder = await temporaryFolder("sqlite");
  const { write } = await findLibrary();
  const settings = (file: string) => ({ engine: "sqlite" as const, file });
  const open = (file: string): Database =>
    openDatabase(testContext(folder.path), testConfig("probe", folder.path, { app: settings(file) }), "app");
  const file = join(folder.path, "live one.db");
  const database = open("live one.db");
  write(file, `PRAGMA journal_mode = ${journal}`);
  return {
    folder: folder.path,
    file,
    database,
    reopen: () => open("live one.db"),
    neighbour: () => Promise.resolve(open("other.db")),
    sql: (text) => Promise.resolve(write(file, text)),
    sqlIn: async (scratch, text) => write(await database.place(scratch), text),
    async write() {
      const loop = (start: number): string => `
        import { findLibrary } from ${JSON.stringify(moduleUrl("databases/sqlite/open"))};
        const { write } = await findLibrary();
        for (let at = ${start}; ; at += 2) {
          write(${JSON.stringify(file)}, "INSERT INTO busy VALUES (" + at + ", 'x')");
          if (at % 3 === 0) write(${JSON.stringify(file)}, "DELETE FROM busy WHERE id IN (SELECT id FROM busy LIMIT 1)");
        }`;
      const writers = [1, 2].map((start) => spawn(process.execPath, ["--input-type=module", "-e", loop(start)], { stdio: "ignore" }));
      while (((await database.counts())["busy"] ?? 0) < 20);
      return {
        async stop() {
          const ended = writers.map((writer) => new Promise((resolve) => writer.once("close", resolve)));
          for (const writer of writers) writer.kill("SIGKILL");
          await Promise.all(ended);
        },
      };
    },
    async begin(text) {
      // A reader must be let in beside: in both modes the lock to write keeps nobody from reading.
      const code = `
        import { findLibrary } from ${JSON.stringify(moduleUrl("databases/sqlite/open"))};
        import { readSync, writeSync } from "node:fs";
        const { write } = await findLibrary();
        writeSync(1, "begun");
        readSync(0, Buffer.alloc(1));
        write(${JSON.stringify(file)}, ${JSON.stringify(text)});`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["pipe", "pipe", "inherit"] });
      await new Promise((resolve) => child.stdout.once("data", resolve));
      return {
        async commit() {
          child.stdin.end("x");
          await new Promise((resolve) => child.once("close", resolve));
        },
      };
    },
    async swapAndDie(scratch, kept, afterMs) {
      const code = databaseElsewhere("probe", folder.path, settings("live one.db"));
      await runElsewhere(`${code}\nawait db.swap(${JSON.stringify(scratch)}, ${JSON.stringify(kept)});`, afterMs);
    },
    leftovers: async () =>
      (await readdir(folder.path)).filter((name) => !["live one.db", "live one.db-wal", "live one.db-shm"].includes(name)),
    close: folder.remove,
  };
}

export const sqliteDialect: Dialect = sqlDialect({
  types: { text: "text", blob: "blob" },
  allBytes:
    "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 255) SELECT unhex(group_concat(printf('%02x', i), '')) FROM n)",
  longText: (length) => `replace(hex(zeroblob(${length} / 12)), '00', 'añb''\\"')`,
  everyType: `CREATE TABLE typed (a, b integer, c real, d text, e blob, f numeric);
    INSERT INTO typed DEFAULT VALUES;
    INSERT INTO typed VALUES (-9223372036854775808, 9223372036854775807, 0.1 + 0.2, '', x'', '1.10'), (9e999, -0.0, 5e-324, 'a' || char(0) || 'b', x'00ff', 1),
      (1, 1, 1.7976931348623157e308, 'ñ数' || char(10), x'5c', 1.5), ('1', '1', '1', 1, 'x', x'31');`,
  generated:
    "CREATE TABLE made (id integer PRIMARY KEY, a int, twice int AS (a * 2) STORED, half int AS (a / 2)); INSERT INTO made (a) VALUES (1), (NULL);",
  strangeNames: {
    sql: `CREATE TABLE "a ""b"" c" ("x y" int, "sel""ect" text, [br] int); INSERT INTO "a ""b"" c" VALUES (1, 'x', 2), (2, NULL, 3);
      CREATE TABLE "select" (i int); INSERT INTO "select" VALUES (1); CREATE TABLE "año 'ñ' 数据" (i int); CREATE TABLE "two\nlines" (i int); CREATE TABLE "main.x" (i int);
      CREATE VIRTUAL TABLE words USING fts5(text); INSERT INTO words VALUES ('it works');`,
    counts: {
      'a "b" c': 2,
      select: 1,
      "año 'ñ' 数据": 0,
      "two\nlines": 0,
      "main.x": 0,
      words_config: 1,
      words_content: 1,
      words_data: 3,
      words_docsize: 1,
      words_idx: 1,
    },
  },
  objects:
    `CREATE TABLE people (id integer PRIMARY KEY AUTOINCREMENT, name text DEFAULT 'x' CHECK (name <> 'a  b'), email text COLLATE NOCASE); INSERT INTO people (name) VALUES ('y');
    CREATE TABLE pets (owner int REFERENCES people, name text NOT NULL, UNIQUE (owner, name)) STRICT_; ALTER TABLE people ADD COLUMN age int; CREATE INDEX by_name ON people (lower(name)) WHERE name IS NOT NULL;
    CREATE VIEW named AS SELECT * FROM people; CREATE TRIGGER touched AFTER INSERT ON people BEGIN UPDATE people SET age = 1 WHERE id = NEW.id; END;`.replace(
      " STRICT_",
      "",
    ),
  schemaChanges: {
    "a table": "CREATE TABLE another (id int);",
    "a column": "ALTER TABLE people ADD COLUMN x int;",
    "a column gone": "ALTER TABLE people DROP COLUMN x;",
    "an index": "CREATE INDEX by_email ON people (email);",
    "an index's condition": "DROP INDEX by_name; CREATE INDEX by_name ON people (lower(name)) WHERE name IS NULL;",
    "a view": "DROP VIEW named; CREATE VIEW named AS SELECT id FROM people;",
    "a trigger": "DROP TRIGGER touched;",
    "the version migration tools keep": "PRAGMA user_version = 7;",
  },
});
