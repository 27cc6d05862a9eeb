import assert from "node:assert/strict";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { AplomoError } from "../../src/base/errors.ts";
import { poll } from "../../src/base/time.ts";
import { openDatabase } from "../../src/databases/index.ts";
import { findLibrary } from "../../src/databases/sqlite/open.ts";
import { databaseSuite } from "../contract/database.suite.ts";
import { moduleUrl, runElsewhere, temporaryFolder, testConfig, testContext } from "../support/bench.ts";
import { dumpInto } from "../support/dump.ts";
import { need } from "../support/need.ts";
import { sqliteBench, sqliteDialect } from "../support/sqlite-bench.ts";

const exists = async (path: string): Promise<true | undefined> =>
  (await stat(path).catch(() => ({ size: -1 }))).size >= 0 ? true : undefined;
const library = await findLibrary().catch(() => undefined);
const skip = need(library !== undefined, "neither node:sqlite nor libsql");

for (const journal of ["delete", "wal"] as const) {
  databaseSuite({
    title: `SQLite, journal ${journal}`,
    skip,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    make: () => sqliteBench(journal),
    dialect: sqliteDialect,
  });
}

describe("a SQLite file", { skip }, () => {
  it("counts as empty before the application has made it, and can be swapped all the same", async (t) => {
    const folder = await temporaryFolder("sqlite");
    t.after(() => folder.remove());
    const db = openDatabase(
      testContext(folder.path),
      testConfig("probe", folder.path, { app: { engine: "sqlite", file: "app.db" } }),
      "app",
    );
    assert.equal((await db.check()).bytes, 0);
    assert.deepEqual([await db.counts(), await db.mark()], [{}, { tables: {} }]);
    await dumpInto(db, "aplomo_new_1");
    library?.write(await db.place("aplomo_new_1"), "CREATE TABLE t (a)");
    assert.deepEqual(await readdir(folder.path), ["app.db.aplomo_new_1"]);
    await db.swap("aplomo_new_1", "aplomo_kept_1");
    assert.deepEqual([await db.counts(), await db.counts("aplomo_kept_1")], [{ t: 0 }, {}]);
  });

  it("keeps mode, journal mode and the link that leads to it through a swap, and leaves no log of the old one", async (t) => {
    const bench = await sqliteBench("wal");
    t.after(() => bench.close());
    await bench.sql("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    await chmod(bench.file, 0o640);
    await mkdir(join(bench.folder, "link"));
    const link = join(bench.folder, "link", "app.db");
    await symlink(bench.file, link);
    const db = openDatabase(testContext("/"), testConfig("probe", "/", { app: { engine: "sqlite", file: link } }), "app");
    await dumpInto(db, "aplomo_new_1");
    assert.equal(
      (await stat(await db.place("aplomo_new_1"))).mode & 0o777,
      0o640,
      "whoever may read the live one may read the copy, and nobody else",
    );
    await db.swap("aplomo_new_1", "aplomo_kept_1");
    assert.equal((await stat(bench.file)).mode & 0o777, 0o640);
    assert.deepEqual(await readdir(join(bench.folder, "link")), ["app.db"]);
    assert.deepEqual(
      (await readdir(bench.folder)).filter((name) => /wal|shm|journal/.test(name)),
      [],
    );
    assert.equal(await db.number("SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'"), 1);
  });

  it("is not swapped while somebody is in the middle of writing", async (t) => {
    const bench = await sqliteBench("wal");
    t.after(() => bench.close());
    await bench.sql("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    await bench.database.createScratch("aplomo_new_1");
    const { ino } = await stat(bench.file);
    const ready = join(bench.folder, "ready");
    const code = `import { findLibrary } from ${JSON.stringify(moduleUrl("databases/sqlite/open"))};
      import { writeFileSync } from "node:fs";
      const { hold } = await findLibrary();
      hold(${JSON.stringify(bench.file)}, () => {
        writeFileSync(${JSON.stringify(ready)}, "");
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120_000);
      });`;
    let done = (): void => {};
    const holder = runElsewhere(code, new Promise<void>((resolve) => (done = resolve)));
    assert.ok(await poll(() => exists(ready), { limit: 30_000, every: 20 }));
    await assert.rejects(bench.database.swap("aplomo_new_1", "aplomo_kept_1"), (error: AplomoError) => {
      return /locked|using it/.test(error.message) && error.hint === "Stop the application first.";
    });
    assert.equal((await stat(bench.file)).ino, ino);
    done();
    await holder;
    await bench.database.swap("aplomo_new_1", "aplomo_kept_1");
  });

  it("is read after a crash within a transaction", async (t) => {
    const bench = await sqliteBench("delete");
    t.after(() => bench.close());
    await bench.sql("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    const code = `import { findLibrary } from ${JSON.stringify(moduleUrl("databases/sqlite/open"))};
      const { write } = await findLibrary();
      write(${JSON.stringify(bench.file)}, "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; " + "INSERT INTO t VALUES (zeroblob(20000)); ".repeat(100_000));`;
    await runElsewhere(
      code,
      poll(() => exists(`${bench.file}-journal`), { limit: 30_000, every: 5 }),
    );
    const left = await readdir(bench.folder);
    assert.ok(left.includes("live one.db-journal"), `no hot journal: ${left.join()}`);
    assert.deepEqual(await bench.database.counts(), { t: 1 });
  });

  it("that is damaged is not backed up", async (t) => {
    const bench = await sqliteBench("delete");
    t.after(() => bench.close());
    const rows = Array.from({ length: 500 }, (_, at) => `(${at}, 'name ${at} ${"x".repeat(50)}')`).join(",");
    await bench.sql(`CREATE TABLE t (a int, b text); CREATE INDEX i ON t (b); INSERT INTO t VALUES ${rows};`);
    await bench.sql(
      "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'i'; INSERT INTO sqlite_schema SELECT 'index', 'j', 't', rootpage, 'CREATE INDEX j ON t (a)' FROM sqlite_schema WHERE name = 't';",
    );
    await assert.rejects(bench.database.snapshot(), (error: AplomoError) => error.name === "AplomoError");
    assert.deepEqual(await bench.leftovers(), []);
    await writeFile(bench.file, "this is no database, though it is longer than a header would be ".repeat(3));
    await assert.rejects(bench.database.check(), /not a database/);
  });

  it("that is damaged can be replaced, and is kept as it is", async (t) => {
    const bench = await sqliteBench("wal");
    t.after(() => bench.close());
    await bench.sql("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    await dumpInto(bench.database, "aplomo_new_1");
    const damaged = "this is no database, though it is longer than a header would be ".repeat(9);
    await writeFile(bench.file, damaged);
    await bench.database.swap("aplomo_new_1", "aplomo_kept_1");
    assert.deepEqual(await bench.database.counts(), { t: 1 });
    assert.equal(await readFile(await bench.database.place("aplomo_kept_1"), "utf8"), damaged);
  });

  it("loses the copies of runs that were killed at the next one", async (t) => {
    const bench = await sqliteBench("delete");
    t.after(() => bench.close());
    await bench.sql("CREATE TABLE t (a);");
    await writeFile(`${bench.file}.aplomo_dump_999999999_aa`, "left");
    await (await bench.database.snapshot()).close();
    assert.deepEqual(await bench.leftovers(), []);
    await rm(bench.file);
  });
});
