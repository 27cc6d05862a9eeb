import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { AplomoError } from "../../src/base/errors.ts";
import { dumpReader } from "../../src/databases/index.ts";
import type { Counts, Database, Sequences } from "../../src/databases/contract.ts";
import { local } from "../../src/host/local.ts";
import { runFolder } from "../../src/migrations/run.ts";
import { readStanding } from "../../src/migrations/standing.ts";
import { dumpInto, plainDump } from "../support/dump.ts";
import { ending } from "../support/ending.ts";

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
  /** The server cannot put one table in another's place at once: while a swap is broken off there may be neither. */
  gap?: true;
  /** Milliseconds over which it is killed in a swap. Default: 560. */
  swapMs?: number;
}

/** A row of a table of the suite's: its `id` and its `name`. */
export type Row = readonly [id: number, name: string | null];

/** What the suite has done to tables of `id`, the key, and `name`, a text. */
export type Change =
  | { create: string }
  | { insert: string; rows: readonly Row[] }
  | { update: string; id: number; name: string | null }
  /** Without `ids` all of its rows. */
  | { delete: string; ids?: readonly number[] }
  | { drop: string }
  | { read: string };

/** One live database under test. */
export interface Bench {
  database: Database;
  /** Another driver object over the same database, as after a restart of Aplomo. */
  reopen(): Database;
  /** A driver over the same server or folder for another live database. */
  neighbour(): Promise<Database>;
  /** Runs SQL, or whatever the engine's language is, as the application does. */
  sql(text: string): Promise<void>;
  /** The same in a scratch database. */
  sqlIn(scratch: string, text: string): Promise<void>;
  /** Two writers insert into `busy` and delete from it, each statement a transaction, until stopped. */
  write(): Promise<{ stop(): Promise<void> }>;
  /** Begins a transaction that runs the SQL, and commits it when told. Absent where the server has none. */
  begin?(text: string): Promise<{ commit(): Promise<void> }>;
  /** Calls `swap` in another process, which is killed after so many milliseconds; resolves when it is gone. */
  swapAndDie(scratch: string, kept: string, afterMs: number): Promise<void>;
  /** What the driver left where it should not: files, sessions, locks. */
  leftovers(): Promise<string[]>;
  close(): Promise<void>;
}

/** An engine's language, and what differs in it between engines. */
export interface Dialect {
  say(changes: readonly Change[]): string;
  /** Creates a table `big` with so many rows, each of an `id`, a text of so many characters, and a blob with every byte, 0 included. */
  big(rows: number, length: number): string;
  /** Makes a text in `big` longer by a character. */
  grow: string;
  /** Queries over `people` with its three rows: the number that one yields, and those that yield none. */
  numbers: { good: [query: string, number: number][]; bad: string[]; nowhere: string };
  /** Creates a table `typed` with a column of every type, and rows with their limits, nulls and empty values. */
  everyType: string;
  /** Creates a table `made` with a generated column, and two rows; absent where there is no such thing. */
  generated?: string;
  /** Creates tables with names that need quoting; the counts that are expected. */
  strangeNames: { sql: string; counts: Counts };
  /** Creates a schema with one of each kind of object. */
  objects: string;
  /** Statements after `objects` that move sequences, and where they are then; absent where dumps do not show it. */
  sequences?: { sql: string; expected: Sequences };
  /** Statements after `objects`, one after the other, by what they change; each changes the fingerprint. */
  schemaChanges: Record<string, string>;
}

const people: Change[] = [{ create: "people" }];
const three: Change[] = [
  ...people,
  {
    insert: "people",
    rows: [
      [1, "Ana"],
      [2, "Beto"],
      [3, null],
    ],
  },
];
const nine: Change = { insert: "people", rows: [[9, "new"]] };
const name = (purpose: string): string => `aplomo_${purpose}_t1`;

export function databaseSuite(harness: DatabaseHarness): void {
  const { dialect } = harness;
  describe(`a database: ${harness.title}`, { skip: harness.skip }, () => {
    let bench: Bench;
    let db: Database;
    before(() => harness.start());
    after(() => harness.stop());
    beforeEach(async (t) => {
      bench = await harness.make();
      ending(t, () => bench.close());
      db = bench.database;
    });

    const change = (...changes: Change[]): Promise<void> => bench.sql(dialect.say(changes));
    const changeIn = (scratch: string, ...changes: Change[]): Promise<void> => bench.sqlIn(scratch, dialect.say(changes));

    /** Restores the live database into a scratch one. */
    async function copy(scratch = name("copy")): Promise<string> {
      await dumpInto(db, scratch);
      return scratch;
    }

    it("says what it reaches, with what, and how big it is", async () => {
      await change(...three);
      const facts = await db.check();
      assert.match(facts.server, /^\w+ \d+\.\d+/);
      assert.match(facts.tool, /\d/);
      assert.ok(facts.bytes > 0);
    });

    it("reads small tables by their columns, as text, and says which are not there", async () => {
      await change(...three);
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

    it("runs a folder of SQL files once each, and nothing of them reaches a client program", async (t) => {
      if (!db.capabilities.sql) {
        await assert.rejects(db.apply(["SELECT 1"], { transaction: false, lockTimeout: 5_000, limit: 60_000 }), /MongoDB|SQL/);
        return t.skip("this engine speaks no SQL");
      }
      const folder = await mkdtemp(join(tmpdir(), "aplomo-sql-"));
      const [planted, options] = [join(folder, "planted"), { lockTimeout: 5_000, limit: 60_000, now: () => new Date(0) }];
      const files = {
        "001_people.sql": Buffer.from(`${dialect.say(three)}\nUPDATE people SET name = ':id; $$ ''quoted''' WHERE id = 3;`),
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
      await change(...three, { create: "nobody" });
      const counts = { people: 3, nobody: 0 };
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
      await change({ create: "busy" });
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
      await change(...three);
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
      await change({ insert: "people", rows: [[77, "x"]] });
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
      await bench.sql(dialect.big(1, 5_000_000));
      const scratch = await copy();
      assert.deepEqual(await db.checksums(scratch), await db.checksums());
      await bench.sqlIn(scratch, dialect.grow);
      assert.notDeepEqual(await db.checksums(scratch), await db.checksums());
    });

    it("reads generated columns back", async (t) => {
      if (dialect.generated === undefined) return t.skip("this engine has none");
      await bench.sql(dialect.generated);
      const scratch = await copy();
      assert.deepEqual(await db.counts(scratch), { made: 2 });
      assert.deepEqual(await db.checksums(scratch), await db.checksums());
      assert.equal(await db.fingerprint(scratch), await db.fingerprint());
    });

    it("hashes rows whatever their order, and sees each change", async () => {
      const a = { insert: "people", rows: [[1, "a"]] } as const;
      const names: Row[] = [
        [2, "b"],
        [3, "b"],
      ];
      await change(...people, a, { insert: "people", rows: names });
      const before = await db.checksums();
      await change({ delete: "people", ids: [1] }, a);
      assert.deepEqual(await db.checksums(), before);
      for (const value of ["c", null, ""]) {
        const last = await db.checksums();
        await change({ update: "people", id: 2, name: value });
        assert.notDeepEqual(await db.checksums(), last, `${value}`);
      }
    });

    it("gives the number a query yields, and shows what is none", async () => {
      await change(...three);
      const { good, bad, nowhere } = dialect.numbers;
      for (const [query, expected] of good) assert.equal(await db.number(query), expected, query);
      for (const query of bad)
        await assert.rejects(db.number(query), (error: AplomoError) => error.message.includes(query) && error.hint !== undefined, query);
      await assert.rejects(db.number(nowhere), /nowhere/);
      assert.deepEqual(await db.counts(), { people: 3 });
    });

    it("creates scratch databases, empties what a crash left, and drops them twice", async () => {
      const scratch = name("scratch");
      await db.createScratch(scratch);
      await changeIn(scratch, ...people);
      assert.deepEqual(await db.listScratch(), [scratch]);
      assert.deepEqual(await db.counts(scratch), { people: 0 });
      await db.createScratch(scratch);
      assert.deepEqual(await db.counts(scratch), {});
      await db.dropScratch(scratch);
      await db.dropScratch(scratch);
      assert.deepEqual(await db.listScratch(), []);
    });

    it("touches no database that Aplomo did not make", async () => {
      await change(...three);
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
      await changeIn(name("same"), ...people);
      assert.deepEqual(await other.listScratch(), [name("same")]);
      await other.dropScratch(name("same"));
      assert.deepEqual(await other.listScratch(), []);
      assert.deepEqual(await db.counts(name("same")), { people: 0 });
      assert.notEqual(await db.place(name("same")), await other.place(name("same")));
    });

    it("swaps, keeps the old one, and does it once however often it is asked", async () => {
      await change(...three);
      const scratch = await copy();
      await changeIn(scratch, { delete: "people", ids: [1] });
      for (let time = 0; time < 3; time += 1) await bench.reopen().swap(scratch, name("kept"));
      assert.deepEqual(await db.counts(), { people: 2 });
      assert.deepEqual(await db.counts(name("kept")), { people: 3 });
      assert.deepEqual(await db.listScratch(), [name("kept")]);
      await change(nine);
    });

    it("swaps back", async () => {
      await change(...three);
      const before = await db.checksums();
      await db.createScratch(name("empty"));
      await db.swap(name("empty"), name("kept"));
      assert.deepEqual(await db.counts(), {});
      await db.swap(name("kept"), name("undone"));
      assert.deepEqual(await db.checksums(), before);
      await change(nine);
      await db.dropScratch(name("undone"));
      assert.deepEqual(await db.counts(), { people: 4 });
    });

    it("refuses a swap that would lose something, and changes nothing", async () => {
      await change(...three);
      await assert.rejects(db.swap(name("absent"), name("kept")), /no (?:database|file)/);
      await db.createScratch(name("one"));
      await db.createScratch(name("kept"));
      await changeIn(name("kept"), ...people);
      await assert.rejects(db.swap(name("one"), name("kept")), /exists already/);
      assert.deepEqual(await db.counts(), { people: 3 });
      await change(nine);
    });

    it("has a live database that answers, and ends the swap when asked again, wherever it was killed", async () => {
      const rounds = process.env["APLOMO_TEST_FULL"] ? 24 : 8;
      await change(...three);
      for (let round = 0; round < rounds; round += 1) {
        const scratch = name(`round${round}`);
        const kept = name(`kept${round}`);
        await dumpInto(db, scratch);
        await changeIn(scratch, { insert: "people", rows: [[100 + round, "x"]] });
        await bench.swapAndDie(scratch, kept, 60 + round * ((harness.swapMs ?? 560) / rounds));
        const counts = await db.counts();
        const answers = [3 + round, 4 + round, ...(harness.gap ? [undefined] : [])];
        assert.ok(answers.includes(counts["people"]), JSON.stringify(counts));
        await change({ update: "people", id: 1, name: "y" });
        await bench.reopen().swap(scratch, kept);
        assert.deepEqual(await db.counts(), { people: 4 + round });
        assert.deepEqual(await db.counts(kept), { people: 3 + round });
        await db.dropScratch(kept);
      }
    });

    describe("tells what was written since a mark", () => {
      const since = async (...changes: Change[]): Promise<Counts> => {
        const two: Row[] = [
          [1, null],
          [2, null],
        ];
        await change(...three, { create: "other" }, { insert: "other", rows: two });
        // It goes through the journal, into another process.
        const mark = JSON.parse(JSON.stringify(await db.mark())) as Awaited<ReturnType<Database["mark"]>>;
        if (changes.length > 0) await change(...changes);
        return bench.reopen().writtenSince(mark);
      };
      const rows = (...given: Row[]): Change => ({ insert: "people", rows: given });
      const cases: [string, Change[], Counts][] = [
        ["nothing", [], {}],
        ["nothing, though it was read", [{ read: "people" }], {}],
        ["rows inserted", [rows([4, "x"], [5, "y"])], { people: 2 }],
        ["a row changed: one removed, one written", [{ update: "people", id: 1, name: "x" }], { people: 2 }],
        ["a row removed", [{ delete: "people", ids: [1] }], { people: 1 }],
        ["as many removed as inserted", [{ delete: "people", ids: [1, 2] }, rows([8, "x"], [9, "y"])], { people: 4 }],
        ["all rows gone", [{ delete: "other" }], { other: 2 }],
        ["a table gone", [{ drop: "other" }], { other: 2 }],
        ["a new table with rows", [{ create: "fresh" }, { insert: "fresh", rows: [[1, null]] }], { fresh: 1 }],
        ["several tables", [{ delete: "other", ids: [1] }, rows([4, "x"])], { other: 1, people: 1 }],
      ];
      for (const [what, changes, expected] of cases) it(what, async () => assert.deepEqual(await since(...changes), expected));

      it("never too little in a big table", async () => {
        await change(...people, { insert: "people", rows: Array.from({ length: 3_000 }, (_, at): Row => [at, `name ${at}`]) });
        const mark = await db.mark();
        assert.deepEqual(await db.writtenSince(mark), {});
        await change({ update: "people", id: 17, name: "x" }, { delete: "people", ids: [18] }, rows([9999, "x"]));
        assert.ok(((await db.writtenSince(mark))["people"] ?? 0) >= 4);
        assert.ok(JSON.stringify(mark).length < 64_000, "a mark stands in the journal");
      });

      it("what a transaction writes that is under way at the mark", async (t) => {
        if (!bench.begin) return t.skip("this server has no transactions");
        await change(...three);
        const open = await bench.begin(dialect.say([rows([4, "late"])]));
        const mark = await db.mark();
        await open.commit();
        assert.ok(((await db.writtenSince(mark))["people"] ?? 0) >= 1);
      });
    });

    it("ends a snapshot twice, and leaves nothing behind", async () => {
      await change(...three);
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
      await bench.sql(dialect.big(2, 6e6));
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
