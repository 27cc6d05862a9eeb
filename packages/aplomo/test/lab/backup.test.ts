import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { poll } from "../../src/base/time.ts";
import { promisify } from "node:util";
import { listBackups, findBackup } from "../../src/backup/catalogue.ts";
import { checkBackup } from "../../src/backup/check.ts";
import { readManifest, type BackupRecord, type Manifest } from "../../src/backup/manifest.ts";
import { proveBackup } from "../../src/backup/prove.ts";
import { restoreBackup, undoRestore } from "../../src/backup/restore.ts";
import { takeBackup } from "../../src/backup/take.ts";
import type { Database } from "../../src/databases/contract.ts";
import { findLibrary } from "../../src/databases/sqlite/open.ts";
import type { Bench } from "../contract/database.suite.ts";
import { allWhole, backupsElsewhere, tree } from "../support/backups.ts";
import { databaseElsewhere, runElsewhere, temporaryFolder, testContext } from "../support/bench.ts";
import { need } from "../support/need.ts";
import { binaries, startPostgres, type Cluster } from "../support/postgres.ts";
import { byUrl, postgresBench } from "../support/postgres-bench.ts";
import { sqliteBench } from "../support/sqlite-bench.ts";

const run = promisify(execFile);
const hasZstd = await run("zstd", ["--version"]).then(
  () => true,
  () => false,
);
const hasSqlite = await findLibrary().then(
  () => true,
  () => false,
);
let cluster: Cluster;
const server = byUrl(() => cluster);

interface Engine {
  title: string;
  skip: false | string;
  start(): Promise<void>;
  stop(): Promise<void>;
  make(): Promise<Bench & { elsewhere: string }>;
}

const engines: Engine[] = [
  {
    title: "PostgreSQL",
    skip: need(binaries !== undefined, "no PostgreSQL server's programs in /usr/lib/postgresql"),
    start: async () => void (cluster = await startPostgres()),
    stop: () => cluster.stop(),
    async make() {
      const bench = await postgresBench(server);
      return { ...bench, elsewhere: databaseElsewhere("probe", "/nowhere", server.settings(bench.live), server.url?.(bench.live)) };
    },
  },
  {
    title: "SQLite",
    skip: need(hasSqlite, "neither node:sqlite nor libsql"),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    async make() {
      const bench = await sqliteBench("wal");
      return { ...bench, elsewhere: databaseElsewhere("probe", bench.folder, { engine: "sqlite", file: "live one.db" }) };
    },
  },
];

const kpis =
  "CREATE TABLE kpis (id integer PRIMARY KEY, month varchar(7), total integer CHECK (total >= 0)); CREATE INDEX by_month ON kpis (month); CREATE VIEW early AS SELECT * FROM kpis WHERE id < 100;";
const rows = (count: number, from = 0): string =>
  `INSERT INTO kpis VALUES ${Array.from({ length: count }, (_, at) => `(${from + at}, '2026-11', ${at})`).join(",")};`;

for (const engine of engines) {
  describe(`backups of ${engine.title}`, { skip: engine.skip }, () => {
    let bench: Awaited<ReturnType<Engine["make"]>>;
    let db: Database;
    let directory: string;
    let remove: () => Promise<void>;
    const ctx = testContext("/nowhere");
    before(() => engine.start());
    after(() => engine.stop());
    beforeEach(async () => {
      bench = await engine.make();
      db = bench.database;
      ({ path: directory, remove } = await temporaryFolder("backups"));
      await bench.sql(kpis);
      await bench.sql(rows(732));
    });
    afterEach(async () => {
      await remove();
      await bench.close();
    });
    const take = (more: Partial<Parameters<typeof takeBackup>[2]> = {}): Promise<BackupRecord> =>
      takeBackup(ctx, db, { app: "agenda", directory, tier: "daily", release: "r4", deployment: "d5", ...more });
    /** A backup whose manifest says something else. */
    async function retold(change: (manifest: Manifest) => void): Promise<BackupRecord> {
      const record = await take();
      const path = join(dirname(record.file), `${record.id}.manifest.json`);
      const manifest = (await readManifest(path)) as Manifest;
      change(manifest);
      await writeFile(path, JSON.stringify(manifest));
      return findBackup(directory, db.name, record.id);
    }

    it("stand under their names, private, with a checksum other tools understand and a manifest that tells what they hold", async () => {
      const before = new Date();
      const record = await take();
      const { manifest } = record;
      assert.match(record.id, /^agenda_daily_\d{8}_\d{6}$/);
      const file = `${record.id}.${db.capabilities.extension}.${hasZstd ? "zst" : "gz"}`;
      assert.equal(record.file, join(directory, "app", "daily", file));
      assert.deepEqual(await tree(directory), [
        "/app/",
        "app/README.txt",
        "app/daily/",
        `app/daily/${record.id}.manifest.json`,
        `app/daily/${file}`,
        `app/daily/${file}.sha256`,
      ]);
      for (const name of [file, `${file}.sha256`, `${record.id}.manifest.json`]) {
        assert.equal((await stat(join(directory, "app/daily", name))).mode & 0o777, 0o600, name);
      }
      assert.equal((await stat(join(directory, "app"))).mode & 0o777, 0o700);
      await run("sha256sum", ["-c", `${file}.sha256`], { cwd: dirname(record.file) });
      assert.equal((await stat(record.file)).size, manifest.bytes.stored);
      const { server: said, tool } = await db.check();
      assert.deepEqual(
        {
          ...manifest,
          createdAt: "",
          sha256: "",
          bytes: 0,
          durations: 0,
          schema: manifest.schema.fingerprint,
          snapshot: typeof manifest.snapshot,
          aplomo: "",
        },
        {
          format: "aplomo-backup",
          version: 1,
          id: record.id,
          app: "agenda",
          database: "app",
          tier: "daily",
          createdAt: "",
          engine: db.engine,
          server: said,
          tool,
          aplomo: "",
          snapshot: db.engine === "postgres" ? "string" : "object",
          file,
          compression: hasZstd ? "zstd" : "gzip",
          encryption: null,
          sequences: manifest.sequences,
          checksums: null,
          sha256: "",
          bytes: 0,
          rows: { snapshot: { kpis: 732 }, file: db.engine === "postgres" ? { kpis: 732 } : null },
          objects: await db.objects(),
          schema: await db.fingerprint(),
          durations: 0,
          release: "r4",
          deployment: "d5",
          proof: null,
        },
      );
      assert.ok(new Date(manifest.createdAt) >= before);
      assert.deepEqual(JSON.parse(await readFile(join(dirname(record.file), `${record.id}.manifest.json`), "utf8")), manifest);
      assert.deepEqual(await listBackups(directory), [record]);
    });

    for (const compress of ["zstd", "gzip"] as const) {
      it(
        `compressed with ${compress} are verified, proven and restored`,
        { skip: compress === "zstd" && need(hasZstd, "no zstd program") },
        async () => {
          const record = await take({ compress });
          assert.match(record.file, compress === "zstd" ? /\.zst$/ : /\.gz$/);
          assert.deepEqual(await checkBackup(ctx, record), {
            backup: record.id,
            sha256: record.manifest.sha256,
            bytes: record.manifest.bytes.stored,
            rows: 732,
            opened: true,
          });
          const checksums = await db.checksums();
          const proof = await proveBackup(ctx, db, record);
          assert.deepEqual([proof.proven, proof.differences, proof.rows, proof.tables], [true, [], 732, 1]);
          assert.deepEqual((await findBackup(directory, "app", "latest")).manifest.proof, proof);
          assert.deepEqual(await db.listScratch(), []);
          await bench.sql("DELETE FROM kpis WHERE id > 5;");
          await restoreBackup(ctx, db, record, { kept: "aplomo_kept_d5" });
          assert.deepEqual(await db.checksums(), checksums);
        },
      );
    }

    it("of an empty database are backups, too", async () => {
      await bench.sql("DROP VIEW early; DROP TABLE kpis;");
      const record = await take();
      assert.deepEqual(record.manifest.rows.snapshot, {});
      assert.equal((await proveBackup(ctx, db, record)).proven, true);
    });

    it("made in the same second do not collide", async () => {
      const now = new Date("2026-11-22T15:45:00Z");
      const still = { ...ctx, now: () => now };
      const made = await Promise.all([1, 2, 3].map(() => takeBackup(still, db, { app: "agenda", directory, tier: "daily" })));
      const stem = "agenda_daily_20261122_154500";
      assert.deepEqual(made.map((record) => record.id).sort(), [stem, `${stem}_2`, `${stem}_3`]);
      assert.equal(await allWhole(ctx, directory), 3);
    });

    it("hold what was there at one instant, while others write", async () => {
      await bench.sql("CREATE TABLE busy (id integer PRIMARY KEY, at varchar(40));");
      const writers = await bench.write();
      try {
        for (let round = 0; round < (process.env["APLOMO_TEST_FULL"] ? 20 : 3); round += 1) {
          const proof = await proveBackup(ctx, db, await take());
          assert.deepEqual([proof.proven, proof.differences], [true, []]);
        }
      } finally {
        await writers.stop();
      }
    });

    it("are not proven when other rows, objects or definitions come back; which ones is said", async () => {
      const changed = await retold((manifest) => {
        manifest.rows.snapshot["kpis"] = 7320;
        manifest.objects["view"] = 2;
        manifest.schema.fingerprint = "other";
        manifest.schema.parts[db.engine === "postgres" ? "view: public.early" : "view: early"] = "other";
      });
      const proof = await proveBackup(ctx, db, changed);
      assert.equal(proof.proven, false);
      assert.deepEqual(proof.differences.slice(0, 2), ["kpis: 7320 in the manifest, 732 restored", "view: 2 in the manifest, 1 restored"]);
      assert.match(proof.differences[2] ?? "", /^view: .*early is not as it was$/);
      assert.equal((await findBackup(directory, "app", changed.id)).manifest.proof?.proven, false);
      assert.deepEqual(await db.listScratch(), []);
    });

    it("tell another value in as many rows, where checksums were asked for", async () => {
      const first = await take({ checksums: true });
      assert.deepEqual(first.manifest.checksums, await db.checksums());
      const proof = await proveBackup(ctx, db, first);
      assert.deepEqual([proof.proven, proof.differences, proof.checksums], [true, [], 1]);
      await bench.sql("UPDATE kpis SET total = total + 1 WHERE id = 7;");
      const other = await retold((manifest) => (manifest.checksums = first.manifest.checksums ?? {}));
      const { proven, differences } = await proveBackup(ctx, db, other);
      assert.equal(proven, false);
      assert.match(differences.join("\n"), /^checksum of kpis: 732:-?\w+ in the manifest, 732:-?\w+ restored$/);
    });

    it("are not restored when other rows come back: both numbers are said, and nothing is changed (I8)", async () => {
      const changed = await retold((manifest) => (manifest.rows.snapshot["kpis"] = 7320));
      await bench.sql(rows(5, 9000));
      const before = await db.checksums();
      await assert.rejects(restoreBackup(ctx, db, changed, { kept: "aplomo_kept_d5" }), /kpis: 7320 in the manifest, 732 restored/);
      assert.deepEqual(await db.checksums(), before);
      assert.deepEqual(await db.listScratch(), []);
    });

    it("are restored all the same when only a definition reads differently, with a warning", async () => {
      const changed = await retold((manifest) => (manifest.schema.fingerprint = "other"));
      const told = testContext("/nowhere");
      await restoreBackup(told, db, changed, { kept: "aplomo_kept_d5" });
      assert.deepEqual(await db.counts(), { kpis: 732 });
    });

    it("are restored once however often it is asked, and it is undone as often", async () => {
      const record = await take();
      const old = await db.checksums();
      await bench.sql("UPDATE kpis SET total = 1;");
      const live = await db.checksums();
      const kept = "aplomo_kept_d5";
      const evidence = await restoreBackup(ctx, db, record, { kept });
      assert.deepEqual([evidence["backup"], evidence["kept"], evidence["rows"]], [record.id, await db.place(kept), 732]);
      assert.equal((await restoreBackup(ctx, db, record, { kept }))["alreadyRestored"], true);
      assert.deepEqual([await db.checksums(), await db.checksums(kept), await db.listScratch()], [old, live, [kept]]);
      for (let time = 0; time < 2; time += 1) await undoRestore(ctx, db, { kept });
      assert.deepEqual(await db.checksums(), live);
      const [replaced = ""] = await db.listScratch();
      assert.deepEqual(await db.checksums(replaced), old);
      await assert.rejects(undoRestore(ctx, db, { kept: "aplomo_kept_d9" }), { hint: /backup list/ });
    });

    it("whose restore is killed anywhere leave the old data or the new, and a second restore ends it", async () => {
      const record = await take();
      const code = `${bench.elsewhere}${backupsElsewhere(directory)}`;
      const rounds = process.env["APLOMO_TEST_FULL"] ? 16 : 6;
      for (let round = 0; round < rounds; round += 1) {
        await bench.sql(`UPDATE kpis SET total = ${round + 1000};`);
        const [live, kept] = [await db.checksums(), `aplomo_kept_r${round}`];
        const restore = `await restoreBackup(ctx, db, await findBackup(directory, "app", ${JSON.stringify(record.id)}), { kept: ${JSON.stringify(kept)} });`;
        await runElsewhere(`${code}\n${restore}`, 100 + round * (1_400 / rounds));
        // A swap that was handed over ends by itself; for a moment it lets nobody in.
        const write = (): Promise<true | undefined> =>
          Promise.resolve(bench.sql("UPDATE kpis SET total = total WHERE id = 1;")).then(
            () => true,
            () => undefined,
          );
        assert.ok(await poll(write, { limit: 30_000 }), "the live database answers again by itself");
        await restoreBackup(ctx, bench.reopen(), record, { kept });
        assert.deepEqual(await db.counts(), { kpis: 732 });
        assert.equal(await db.number("SELECT max(total) FROM kpis"), 731);
        assert.deepEqual(await db.checksums(kept), live);
        await db.dropScratch(kept);
        assert.deepEqual(await db.listScratch(), []);
      }
    });

    it("sweep the drills that a crash left", async () => {
      await db.createScratch("aplomo_drill_left");
      await db.createScratch("aplomo_kept_d1");
      await proveBackup(ctx, db, await take());
      assert.deepEqual(await db.listScratch(), ["aplomo_kept_d1"]);
    });
  });
}
