import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { AplomoError } from "../../src/base/errors.ts";
import { dumpReader } from "../../src/databases/index.ts";
import type { Counts, Database, Sequences } from "../../src/databases/contract.ts";
import { local } from "../../src/host/local.ts";
import { runFolder } from "../../src/migrations/run.ts";
import { readStanding } from "../../src/migrations/standing.ts";
import { dumpInto, plainDump } from "../support/dump.ts";

/** What a driver's test gives the suite: `databaseSuite(harness)` is its whole test file, but for what only its engine has. */
export interface DatabaseHarness {
  title: string;
  /** Why it cannot run on this machine. */
  skip: false | string;
  /** Starts what all tests share. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** A new live database without tables. */
  make(): Promise<Bench>;
  dialect: Dialect;
}

/** One live database under test. */
export interface Bench {
  database: Database;
  /** Another driver object over the same database, as after a restart of Aplomo. */
  reopen(): Database;
  /** A driver over the same server or folder for another live database. */
  neighbour(): Promise<Database>;
  /** Runs SQL as the application does. */
  sql(text: string): Promise<void>;
  /** The same in a scratch database. */
  sqlIn(scratch: string, text: string): Promise<void>;
  /** Two writers insert into `busy` and delete from it, each statement a transaction, until stopped. */
  write(): Promise<{ stop(): Promise<void> }>;
  /** Begins a transaction that runs the SQL, and commits it when told. */
  begin(text: string): Promise<{ commit(): Promise<void> }>;
  /** Calls `swap` in another process, which is killed after so many milliseconds; resolves when it is gone. */
  swapAndDie(scratch: string, kept: string, afterMs: number): Promise<void>;
  /** What the driver left where it should not: files, sessions, locks. */
  leftovers(): Promise<string[]>;
  close(): Promise<void>;
}

/** SQL that differs between engines. */
export interface Dialect {
  /** Types of texts and blobs of any length. */
  types: { text: string; blob: string };
  /** A blob with every byte, 0 included: an expression. */
  allBytes: string;
  /** A text of so many characters: an expression. */
  longText: (length: number) => string;
  /** Creates a table `typed` with a column of every type, and rows with their limits, nulls and empty values. */
  everyType: string;
  /** Creates a table `made` with a generated column, and two rows. */
  generated: string;
  /** Creates tables with names that need quoting; the counts that are expected. */
  strangeNames: { sql: string; counts: Counts };
  /** Creates a schema with one of each kind of object. */
  objects: string;
  /** Statements after `objects` that move sequences, and where they are then; absent where dumps do not show it. */
  sequences?: { sql: string; expected: Sequences };
  /** Statements after `objects`, one after the other, by what they change; each changes the fingerprint. */
  schemaChanges: Record<string, string>;
}

const people = "CREATE TABLE people (id integer PRIMARY KEY, name varchar(40));";
const three = `${people} INSERT INTO people VALUES (1, 'Ana'), (2, 'Beto'), (3, NULL);`;
const name = (purpose: string): string => `aplomo_${purpose}_t1`;

export function databaseSuite(harness: DatabaseHarness): void {
  const { dialect } = harness;
  describe(`a database: ${harness.title}`, { skip: harness.skip }, () => {
    let bench: Bench;
    let db: Database;
    before(() => harness.start());
    after(() => harness.stop());
    beforeEach(async () => {
      bench = await harness.make();
      db = bench.database;
    });
    afterEach(() => bench.close());

    /** Restores the live database into a scratch one. */
    async function copy(scratch = name("copy")): Promise<string> {
      await dumpInto(db, scratch);
      return scratch;
    }

    it("says what it reaches, with what, and how big it is", async () => {
      await bench.sql(three);
      const facts = await db.check();
      assert.match(facts.server, /^\w+ \d+\.\d+/);
      assert.match(facts.tool, /\d/);
      assert.ok(facts.bytes > 0);
    });

    it("reads small tables by their columns, as text, and says which are not there", async () => {
      await bench.sql(three);
      const [here, column, table] = await db.read([
        { table: "people", columns: ["id", "name"] },
        { table: "people", columns: ["id", "absent"] },
        { table: "nowhere", columns: ["id"] },
      ]);
      const rows = (here ?? []).toSorted((a, b) => String(a["id"]).localeCompare(String(b["id"])));
      assert.deepEqual(rows, [
        { id: "1", name: "Ana" },
        { id: "2", name: "Beto" },
        { id: "3", name: null },
      ]);
      assert.deepEqual([column, table], [null, null]);
    });

    it("runs a folder of SQL files once each, and nothing of them reaches a client program", async () => {
      const folder = await mkdtemp(join(tmpdir(), "aplomo-sql-"));
      const [planted, options] = [join(folder, "planted"), { lockTimeout: 5_000, limit: 60_000, now: () => new Date(0) }];
      const files = {
        "001_people.sql": Buffer.from(`${three}\nUPDATE people SET name = ':id; $$ ''quoted''' WHERE id = 3;`),
        "002_half.sql": Buffer.from("CREATE TABLE half (id integer); INSERT INTO half VALUES (1); INSERT INTO nowhere VALUES (1);"),
      };
      await assert.rejects(runFolder(db, files, options), /002_half\.sql.*nowhere/s);
      assert.equal((await db.counts())["people"], 3);
      const standing = await readStanding(db, { files, own: true });
      if (db.capabilities.transactionalDdl) {
        assert.equal((await db.counts())["half"], undefined);
        assert.deepEqual([standing?.applied, standing?.pending], [["001_people.sql"], ["002_half.sql"]]);
      } else {
        assert.deepEqual(standing?.failed, ["002_half.sql"]);
        await assert.rejects(runFolder(db, files, options), /failed half-way/);
        await bench.sql("DROP TABLE half; DELETE FROM aplomo_migrations WHERE name = '002_half.sql';");
      }
      const good = {
        ...files,
        "002_half.sql": Buffer.from("-- no transaction\nCREATE TABLE half (id integer); INSERT INTO half VALUES (1);"),
      };
      assert.deepEqual(await runFolder(db, good, options), ["002_half.sql"]);
      assert.deepEqual(await runFolder(db, good, options), []);
      assert.equal((await db.counts())["half"], 1);
      for (const act of [`\\! touch ${planted}`, `system touch ${planted}`, `SELECT 1 \\g ${planted}`]) {
        await assert.rejects(runFolder(db, { "003_planted.sql": Buffer.from(`${act}\n`) }, options));
        await bench.sql("DELETE FROM aplomo_migrations WHERE name = '003_planted.sql';");
      }
      assert.deepEqual(await readdir(folder), []);
      await rm(folder, { recursive: true });
    });

    it("dumps an empty database and reads it back", async () => {
      assert.deepEqual(await db.counts(), {});
      const scratch = await copy();
      assert.deepEqual(await db.counts(scratch), {});
      assert.equal(await db.fingerprint(scratch), await db.fingerprint());
    });

    it("counts every table, in the snapshot, in the dump and in what came back", async () => {
      await bench.sql(`${three} CREATE TABLE "none" (id integer PRIMARY KEY);`);
      const counts = { people: 3, none: 0 };
      assert.deepEqual(await db.counts(), counts);
      const snapshot = await db.snapshot();
      assert.deepEqual(await snapshot.counts(), counts);
      await snapshot.close();
      assert.deepEqual(await db.counts(await copy()), counts);
    });

    it("takes names with quotes, blanks, dots, line ends and any letter", async () => {
      await bench.sql(dialect.strangeNames.sql);
      assert.deepEqual(await db.counts(), dialect.strangeNames.counts);
      const { content } = await plainDump(db);
      assert.equal(content.complete, true);
      if (content.counts) assert.deepEqual(content.counts, dialect.strangeNames.counts);
      const scratch = await copy();
      assert.deepEqual(await db.counts(scratch), dialect.strangeNames.counts);
      assert.deepEqual(await db.checksums(scratch), await db.checksums());
    });

    it("counts, hashes and dumps the same instant while others write", async () => {
      await bench.sql("CREATE TABLE busy (id integer PRIMARY KEY, at varchar(40));");
      const writers = await bench.write();
      try {
        for (let round = 0; round < 3; round += 1) {
          const { counts, checksums, content } = await plainDump(db, name("copy"), { checksums: true });
          if (content.counts) assert.deepEqual(content.counts, counts);
          assert.deepEqual(await db.counts(name("copy")), counts);
          assert.deepEqual(await db.checksums(name("copy")), checksums);
          assert.ok((counts["busy"] ?? 0) > 0);
        }
      } finally {
        await writers.stop();
      }
    });

    it("knows a dump that was cut", async () => {
      await bench.sql(three);
      const { bytes } = await plainDump(db);
      const cuts = [0, 1, 50, Math.floor(bytes.length / 2), bytes.length - 60].filter((at) => at < bytes.length);
      for (const at of cuts) {
        const reader = dumpReader(db.engine);
        reader.write(bytes.subarray(0, at));
        assert.notEqual(reader.end().complete, true, `cut at ${at} of ${bytes.length}`);
      }
    });

    it("fingerprints a schema as it comes back, and whatever rows it holds", async () => {
      await bench.sql(dialect.objects);
      const before = await db.fingerprint();
      const scratch = await copy();
      assert.deepEqual(await db.schema(scratch), await db.schema());
      assert.equal(await db.fingerprint(scratch), before);
      assert.deepEqual(await db.objects(scratch), await db.objects());
      await bench.sql("INSERT INTO people (id, name) VALUES (77, 'x');");
      assert.equal(await db.fingerprint(), before);
    });

    it("reads in a dump what sequences are set to, and finds them so when it is loaded", async () => {
      await bench.sql(dialect.objects);
      await bench.sql(dialect.sequences?.sql ?? "");
      const { content } = await plainDump(db, name("copy"));
      assert.deepEqual(content.sequences, dialect.sequences?.expected);
      if (!db.sequences || !dialect.sequences) return;
      assert.deepEqual(await db.sequences(name("copy")), dialect.sequences.expected);
      assert.deepEqual(await db.sequences(), dialect.sequences.expected);
    });

    it("fingerprints differently whatever part of the schema changes", async () => {
      await bench.sql(dialect.objects);
      let last = await db.fingerprint();
      for (const [what, sql] of Object.entries(dialect.schemaChanges)) {
        await bench.sql(sql);
        const now = await db.fingerprint();
        assert.notEqual(now, last, what);
        last = now;
      }
    });

    it("keeps every type's values to the last bit", async () => {
      await bench.sql(dialect.everyType);
      const scratch = await copy();
      assert.deepEqual(await db.checksums(scratch), await db.checksums());
      assert.equal(Object.keys(await db.checksums()).length, 1);
    });

    it("keeps big values and every byte", async () => {
      await bench.sql(`CREATE TABLE big (id integer PRIMARY KEY, t ${dialect.types.text}, b ${dialect.types.blob});
        INSERT INTO big VALUES (1, ${dialect.longText(5_000_000)}, ${dialect.allBytes});`);
      const scratch = await copy();
      assert.deepEqual(await db.checksums(scratch), await db.checksums());
      await bench.sqlIn(scratch, "UPDATE big SET t = t || 'x';");
      assert.notDeepEqual(await db.checksums(scratch), await db.checksums());
    });

    it("reads generated columns back", async () => {
      await bench.sql(dialect.generated);
      const scratch = await copy();
      assert.deepEqual(await db.counts(scratch), { made: 2 });
      assert.deepEqual(await db.checksums(scratch), await db.checksums());
      assert.equal(await db.fingerprint(scratch), await db.fingerprint());
    });

    it("hashes rows whatever their order, and sees each change", async () => {
      await bench.sql(`${people} INSERT INTO people VALUES (1, 'a'), (2, 'b'), (3, 'b');`);
      const before = await db.checksums();
      await bench.sql("DELETE FROM people WHERE id = 1; INSERT INTO people VALUES (1, 'a');");
      assert.deepEqual(await db.checksums(), before);
      for (const change of [
        "UPDATE people SET name = 'c' WHERE id = 2",
        "UPDATE people SET name = NULL WHERE id = 2",
        "UPDATE people SET name = '' WHERE id = 2",
      ]) {
        const last = await db.checksums();
        await bench.sql(`${change};`);
        assert.notDeepEqual(await db.checksums(), last, change);
      }
    });

    it("gives the number a query yields, and shows what is none", async () => {
      await bench.sql(three);
      assert.equal(await db.number("SELECT count(*) FROM people WHERE name IS NOT NULL; "), 2);
      assert.equal(await db.number("SELECT 1.5 -- half"), 1.5);
      for (const query of [
        "SELECT id, name FROM people",
        "SELECT id FROM people",
        "SELECT name FROM people WHERE id = 1",
        "SELECT 1 WHERE 1 = 0",
        "SELECT max(id) FROM people WHERE id > 9",
      ]) {
        await assert.rejects(db.number(query), (error: AplomoError) => error.message.includes(query) && error.hint !== undefined, query);
      }
      await assert.rejects(db.number("SELECT x FROM nowhere"), /nowhere/);
      assert.deepEqual(await db.counts(), { people: 3 });
    });

    it("creates scratch databases, empties what a crash left, and drops them twice", async () => {
      const scratch = name("scratch");
      await db.createScratch(scratch);
      await bench.sqlIn(scratch, people);
      assert.deepEqual(await db.listScratch(), [scratch]);
      assert.deepEqual(await db.counts(scratch), { people: 0 });
      await db.createScratch(scratch);
      assert.deepEqual(await db.counts(scratch), {});
      await db.dropScratch(scratch);
      await db.dropScratch(scratch);
      assert.deepEqual(await db.listScratch(), []);
    });

    it("touches no database that Aplomo did not make", async () => {
      await bench.sql(three);
      for (const other of ["people", "postgres", "template1", "", "aplomo", "../x", "aplomo_/../x", 'aplomo_"x']) {
        await assert.rejects(db.createScratch(other), AplomoError, other);
        await assert.rejects(db.loader(other), AplomoError, other);
        await assert.rejects(db.dropScratch(other), AplomoError, other);
        await assert.rejects(db.swap(other, name("kept")), AplomoError, other);
        await assert.rejects(db.swap(name("copy"), other), AplomoError, other);
      }
      assert.deepEqual(await db.counts(), { people: 3 });
    });

    it("lists and drops its own scratch databases, not another one's of the same name", async () => {
      const other = await bench.neighbour();
      await db.createScratch(name("same"));
      await other.createScratch(name("same"));
      await bench.sqlIn(name("same"), people);
      assert.deepEqual(await other.listScratch(), [name("same")]);
      await other.dropScratch(name("same"));
      assert.deepEqual(await other.listScratch(), []);
      assert.deepEqual(await db.counts(name("same")), { people: 0 });
      assert.notEqual(await db.place(name("same")), await other.place(name("same")));
    });

    it("swaps, keeps the old one, and does it once however often it is asked", async () => {
      await bench.sql(three);
      const scratch = await copy();
      await bench.sqlIn(scratch, "DELETE FROM people WHERE id = 1;");
      for (let time = 0; time < 3; time += 1) await bench.reopen().swap(scratch, name("kept"));
      assert.deepEqual(await db.counts(), { people: 2 });
      assert.deepEqual(await db.counts(name("kept")), { people: 3 });
      assert.deepEqual(await db.listScratch(), [name("kept")]);
      await bench.sql("INSERT INTO people VALUES (9, 'new');");
    });

    it("swaps back", async () => {
      await bench.sql(three);
      const before = await db.checksums();
      await db.createScratch(name("empty"));
      await db.swap(name("empty"), name("kept"));
      assert.deepEqual(await db.counts(), {});
      await db.swap(name("kept"), name("undone"));
      assert.deepEqual(await db.checksums(), before);
      await bench.sql("INSERT INTO people VALUES (9, 'new');");
      await db.dropScratch(name("undone"));
      assert.deepEqual(await db.counts(), { people: 4 });
    });

    it("refuses a swap that would lose something, and changes nothing", async () => {
      await bench.sql(three);
      await assert.rejects(db.swap(name("absent"), name("kept")), /no (?:database|file)/);
      await db.createScratch(name("one"));
      await db.createScratch(name("kept"));
      await bench.sqlIn(name("kept"), people);
      await assert.rejects(db.swap(name("one"), name("kept")), /exists already/);
      assert.deepEqual(await db.counts(), { people: 3 });
      await bench.sql("INSERT INTO people VALUES (9, 'new');");
    });

    it("has a live database that answers, and ends the swap when asked again, wherever it was killed", async () => {
      const rounds = process.env["APLOMO_TEST_FULL"] ? 24 : 8;
      await bench.sql(three);
      for (let round = 0; round < rounds; round += 1) {
        const scratch = name(`round${round}`);
        const kept = name(`kept${round}`);
        await dumpInto(db, scratch);
        await bench.sqlIn(scratch, `INSERT INTO people VALUES (${100 + round}, 'x');`);
        await bench.swapAndDie(scratch, kept, 60 + round * (560 / rounds));
        const counts = await db.counts();
        assert.ok([3 + round, 4 + round].includes(counts["people"] ?? 0), JSON.stringify(counts));
        await bench.sql("UPDATE people SET name = 'y' WHERE id = 1;");
        await bench.reopen().swap(scratch, kept);
        assert.deepEqual(await db.counts(), { people: 4 + round });
        assert.deepEqual(await db.counts(kept), { people: 3 + round });
        await db.dropScratch(kept);
      }
    });

    describe("tells what was written since a mark", () => {
      const since = async (sql: string): Promise<Counts> => {
        await bench.sql(`${three} CREATE TABLE other (id integer PRIMARY KEY); INSERT INTO other VALUES (1), (2);`);
        // It goes through the journal, into another process.
        const mark = JSON.parse(JSON.stringify(await db.mark())) as Awaited<ReturnType<Database["mark"]>>;
        if (sql) await bench.sql(sql);
        return bench.reopen().writtenSince(mark);
      };
      const cases: [string, string, Counts][] = [
        ["nothing", "", {}],
        ["nothing, though it was read", "SELECT count(*) FROM people;", {}],
        ["rows inserted", "INSERT INTO people VALUES (4, 'x'), (5, 'y');", { people: 2 }],
        ["a row changed: one removed, one written", "UPDATE people SET name = 'x' WHERE id = 1;", { people: 2 }],
        ["a row removed", "DELETE FROM people WHERE id = 1;", { people: 1 }],
        ["as many removed as inserted", "DELETE FROM people WHERE id < 3; INSERT INTO people VALUES (8, 'x'), (9, 'y');", { people: 4 }],
        ["all rows gone", "DELETE FROM other;", { other: 2 }],
        ["a table gone", "DROP TABLE other;", { other: 2 }],
        ["a new table with rows", "CREATE TABLE fresh (id integer PRIMARY KEY); INSERT INTO fresh VALUES (1);", { fresh: 1 }],
        ["several tables", "DELETE FROM other WHERE id = 1; INSERT INTO people VALUES (4, 'x');", { other: 1, people: 1 }],
      ];
      for (const [what, sql, expected] of cases) it(what, async () => assert.deepEqual(await since(sql), expected));

      it("never too little in a big table", async () => {
        await bench.sql(people);
        const rows = Array.from({ length: 3_000 }, (_, at) => `(${at}, 'name ${at}')`).join(",");
        await bench.sql(`INSERT INTO people VALUES ${rows};`);
        const mark = await db.mark();
        assert.deepEqual(await db.writtenSince(mark), {});
        await bench.sql(
          "UPDATE people SET name = 'x' WHERE id = 17; DELETE FROM people WHERE id = 18; INSERT INTO people VALUES (9999, 'x');",
        );
        assert.ok(((await db.writtenSince(mark))["people"] ?? 0) >= 4);
        assert.ok(JSON.stringify(mark).length < 64_000, "a mark stands in the journal");
      });

      it("what a transaction writes that is under way at the mark", async () => {
        await bench.sql(three);
        const open = await bench.begin("INSERT INTO people VALUES (4, 'late');");
        const mark = await db.mark();
        await open.commit();
        assert.ok(((await db.writtenSince(mark))["people"] ?? 0) >= 1);
      });
    });

    it("ends a snapshot twice, and leaves nothing behind", async () => {
      await bench.sql(three);
      const snapshot = await db.snapshot();
      assert.deepEqual([await snapshot.counts(), Object.keys(await snapshot.schema()).length > 0], [{ people: 3 }, true]);
      await snapshot.close();
      await snapshot.close();
      await copy();
      await db.dropScratch(name("copy"));
      // A session's end is known to the server a moment later.
      for (let tries = 0; tries < 50 && (await bench.leftovers()).length > 0; tries += 1) await sleep(50);
      assert.deepEqual(await bench.leftovers(), []);
    });

    it("ends a dump that is under way when its snapshot is closed, though its program was killed", async (t) => {
      const { longText, types } = dialect;
      await bench.sql(
        `CREATE TABLE big (id integer PRIMARY KEY, t ${types.text}); INSERT INTO big VALUES (1, ${longText(6e6)}), (2, ${longText(6e6)});`,
      );
      const snapshot = await db.snapshot();
      if (snapshot.source.kind === "file") {
        await snapshot.close();
        return t.skip("this engine's dump is a file, which is whole when the snapshot opens");
      }
      // Nobody reads on: it can neither end nor fail by itself.
      const dump = local.spawn(snapshot.source.command, ["ignore", "pipe", "pipe"]);
      snapshot.source.started?.(dump);
      await new Promise((resolve) => dump.stdout?.once("readable", resolve));
      dump.kill("SIGKILL");
      dump.stdout?.destroy();
      await snapshot.close();
      await dump.ended;
      for (let tries = 0; tries < 100 && (await bench.leftovers()).length > 0; tries += 1) await sleep(50);
      assert.deepEqual(await bench.leftovers(), []);
    });

    it("gives clients a limit for waiting on locks, as environment", () => {
      for (const [variable, value] of Object.entries(db.capabilities.lockTimeoutEnv(1_500))) {
        assert.match(variable, /^[A-Z_]+$/);
        assert.match(value, /1500/);
      }
    });
  });
}

/** A name nobody else uses at the same time. */
export function unique(start: string): string {
  return `${start}_${randomBytes(4).toString("hex")}`;
}
