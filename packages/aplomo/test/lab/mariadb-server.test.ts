import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Secret } from "../../src/base/secret.ts";
import type { AplomoError } from "../../src/base/errors.ts";
import type { Event } from "../../src/base/events.ts";
import { poll } from "../../src/base/time.ts";
import { proveBackup } from "../../src/backup/prove.ts";
import { restoreBackup } from "../../src/backup/restore.ts";
import { takeBackup } from "../../src/backup/take.ts";
import { openDatabase } from "../../src/databases/index.ts";
import { unique } from "../contract/database.suite.ts";
import { temporaryFolder, testConfig, testContext } from "../support/bench.ts";
import { dumpInto, plainDump } from "../support/dump.ts";
import { byUrl, mariadbBench, mariadbDialect } from "../support/mariadb-bench.ts";
import { haveMariadb, startMariadb, type Maria } from "../support/mariadb.ts";
import { need } from "../support/need.ts";
import { runSql, startSql } from "../support/sql.ts";

const skip = need(haveMariadb(), "no MariaDB server and client programs: packages/runtime/test/install.sh");
let maria: Maria;
const server = byUrl(() => maria);
const open = (url: string): ReturnType<typeof openDatabase> =>
  openDatabase(testContext("/nowhere"), testConfig("probe", "/nowhere", { app: { engine: "mariadb", url: new Secret(url) } }), "app");

describe("a MariaDB server", { skip }, () => {
  before(async () => void (maria = await startMariadb()));
  after(() => maria.stop());

  it("swaps with views, triggers, routines, events, sequences and foreign keys, there and back", async (t) => {
    const bench = await mariadbBench(server);
    t.after(() => bench.close());
    const { database } = bench;
    await bench.sql(mariadbDialect.objects);
    const [schema, sums, sequences] = [await database.schema(), await database.checksums(), await database.sequences?.()];
    assert.deepEqual(Object.keys(sequences ?? {}).sort(), ["pets", "tickets"]);
    await dumpInto(database, "aplomo_new_1");
    assert.deepEqual(await database.sequences?.("aplomo_new_1"), sequences);
    // What a migration that failed half-way left.
    await bench.sql(
      "DROP TRIGGER touched; DROP VIEW a_view; ALTER TABLE people ADD COLUMN half int; CREATE VIEW b_view AS SELECT half FROM people; INSERT INTO pets (owner, name) VALUES (1, 'new');",
    );
    const broken = await database.schema();
    await database.swap("aplomo_new_1", "aplomo_kept_1");
    assert.deepEqual([await database.schema(), await database.checksums(), await database.sequences?.()], [schema, sums, sequences]);
    assert.deepEqual(await database.schema("aplomo_kept_1"), broken);
    assert.deepEqual(await database.listScratch(), ["aplomo_kept_1"]);
    await bench.sql("INSERT INTO people (id) VALUES (5); DELETE FROM people WHERE id = 1;");
    assert.equal(await database.number("SELECT count(*) FROM pets"), 0, "the foreign key is of the new tables");
    await database.swap("aplomo_kept_1", "aplomo_undone_1");
    assert.deepEqual(await database.schema(), broken);
  });

  it("ends a swap that was killed anywhere, with all that is no table", async (t) => {
    const bench = await mariadbBench(server);
    t.after(() => bench.close());
    const { database } = bench;
    await bench.sql(mariadbDialect.objects);
    const schema = await database.schema();
    const rounds = process.env["APLOMO_TEST_FULL"] ? 24 : 6;
    for (let round = 0; round < rounds; round += 1) {
      const [next, kept] = [`aplomo_next_${round}`, `aplomo_kept_${round}`];
      await dumpInto(database, next);
      await bench.swapAndDie(next, kept, 150 + round * (1_000 / rounds));
      assert.equal(await database.number("SELECT count(*) FROM people"), 1);
      await bench.reopen().swap(next, kept);
      assert.deepEqual(await database.schema(), schema, `round ${round}`);
      assert.deepEqual(await database.schema(kept), schema, `kept, round ${round}`);
      assert.deepEqual(await database.listScratch(), [kept]);
      await database.dropScratch(kept);
    }
  });

  it("has its triggers again when the tables cannot be moved, and nothing else changed", async (t) => {
    const bench = await mariadbBench(server);
    t.after(() => bench.close());
    const { database, live } = bench;
    await bench.sql(mariadbDialect.objects);
    const schema = await database.schema();
    await dumpInto(database, "aplomo_new_1");
    // Connected elsewhere: it is nobody's session of this database, and holds one of its tables.
    const holder = startSql(server, "mysql", `LOCK TABLES "${live}".late READ; SELECT 'held'; SELECT SLEEP(600);`);
    t.after(() => holder.kill());
    await new Promise((resolve) => holder.stdout?.once("data", resolve));
    await assert.rejects(database.swap("aplomo_new_1", "aplomo_kept_1"), (error: AplomoError) => /[Ll]ock wait/.test(error.message));
    assert.deepEqual([await database.schema(), await database.schema("aplomo_new_1")], [schema, schema]);
    assert.deepEqual(await database.listScratch(), ["aplomo_new_1"]);
    for (const id of (
      await runSql(
        server,
        "mysql",
        "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE '%SLEEP(600)' AND ID <> CONNECTION_ID();",
      )
    ).split("\n")) {
      await runSql(server, "mysql", `KILL ${id};`);
    }
    await database.swap("aplomo_new_1", "aplomo_kept_1");
    assert.deepEqual(await database.schema(), schema);
  });

  it("takes its snapshot once a statement that ran long has ended, and holds writers up for short", async (t) => {
    const bench = await mariadbBench(server);
    t.after(() => bench.close());
    await bench.sql("CREATE TABLE t (i int); INSERT INTO t VALUES (1);");
    const long = startSql(server, bench.live, "SELECT 'begun'; UPDATE t SET i = 2 WHERE SLEEP(3) = 0; SELECT 'done';");
    const ended = new Promise((resolve) => long.once("close", resolve));
    await new Promise((resolve) => long.stdout?.once("data", resolve));
    long.stdin?.end();
    const { counts, content } = await plainDump(bench.database);
    assert.deepEqual([counts, content.counts], [{ t: 1 }, { t: 1 }]);
    await ended;
  });

  it("is backed up anew when somebody empties a table before the dump comes to it, and holds him up no longer than that", async (t) => {
    const bench = await mariadbBench(server);
    t.after(() => bench.close());
    const folder = await temporaryFolder("emptied");
    t.after(() => folder.remove());
    await bench.sql("CREATE TABLE a_first (i int, t text); CREATE TABLE later (i int); INSERT INTO later VALUES (1), (2);");
    await bench.sql("INSERT INTO a_first SELECT seq, REPEAT('x', 200) FROM seq_1_to_400000;");
    const said: string[] = [];
    const ctx = { ...testContext(folder.path), emit: (event: Event) => void said.push(JSON.stringify(event)) };
    const reading =
      "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT /*!40001 %a_first%' AND ID <> CONNECTION_ID();";
    const emptying = poll(async () => ((await runSql(server, bench.live, reading)) === "0" ? undefined : true), {
      limit: 60_000,
      every: 5,
    });
    const [record] = await Promise.all([
      takeBackup(ctx, bench.database, { app: "agenda", directory: folder.path, tier: "daily" }),
      emptying.then(() => bench.sql("TRUNCATE later;")),
    ]);
    assert.match(said.join("\n"), /emptied a table at that very moment/);
    assert.deepEqual(
      [record.manifest.rows.snapshot, record.manifest.rows.file],
      [{ a_first: 400_000, later: 0 }, record.manifest.rows.snapshot],
    );
  });

  it("is backed up by a user of the one database, and says who may restore", async (t) => {
    const bench = await mariadbBench(server);
    t.after(() => bench.close());
    const user = unique("u").slice(0, 12);
    await runSql(
      server,
      "mysql",
      `CREATE USER ${user} IDENTIFIED BY 'p@ss word'; GRANT ALL ON "${bench.live}".* TO ${user}; GRANT PROCESS ON *.* TO ${user};`,
    );
    t.after(() => runSql(server, "mysql", `DROP USER ${user};`));
    await bench.sql("CREATE TABLE t (i int); INSERT INTO t VALUES (1);");
    const database = open(`mysql://${user}:p%40ss%20word@127.0.0.1:${maria.port}/${bench.live}`);
    const { counts, content } = await plainDump(database);
    assert.deepEqual([counts, content.complete, content.counts], [{ t: 1 }, true, { t: 1 }]);
    await assert.rejects(database.createScratch("aplomo_new_1"), /Access denied/);
  });

  it("goes through take, prove and restore, with its sequences and checksums", async (t) => {
    const bench = await mariadbBench(server);
    t.after(() => bench.close());
    const folder = await temporaryFolder("mariadb");
    t.after(() => folder.remove());
    const ctx = testContext(folder.path);
    await bench.sql(mariadbDialect.objects);
    // A dump keeps six digits of the first: what it cannot carry must not fail every proof.
    await bench.sql("CREATE TABLE measured (id int PRIMARY KEY, f float, d double); INSERT INTO measured VALUES (1, 1 / 3, 1 / 3e0);");
    const record = await takeBackup(ctx, bench.database, { app: "agenda", directory: folder.path, tier: "daily", checksums: true });
    assert.deepEqual(record.manifest.rows.file, record.manifest.rows.snapshot);
    const { differences, checksums } = await proveBackup(ctx, bench.database, record);
    assert.deepEqual([differences, checksums], [[], Object.keys(record.manifest.rows.snapshot).length]);
    const before = await bench.database.checksums();
    await bench.sql("DELETE FROM pets;");
    await restoreBackup(ctx, bench.database, record, { kept: "aplomo_kept_1" });
    assert.deepEqual(await bench.database.checksums(), before);
  });

  it("says what is wrong when it cannot be reached, and never the password", async () => {
    const cases: [string, RegExp][] = [
      [`mysql://root@127.0.0.1:${maria.port}/absent`, /Unknown database 'absent'/],
      ["mysql://me:hush@127.0.0.1:1/app", /connect .*127\.0\.0\.1/],
      [`mysql://nobody_known:hush@127.0.0.1:${maria.port}/mysql`, /Access denied/],
    ];
    for (const [url, expected] of cases) {
      await assert.rejects(
        open(url).check(),
        (error: AplomoError) => error.name === "AplomoError" && expected.test(error.message) && !JSON.stringify(error).includes("hush"),
      );
    }
  });
});
