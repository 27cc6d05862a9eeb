import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { proveBackup } from "../../src/backup/prove.ts";
import { takeBackup } from "../../src/backup/take.ts";
import type { Database, Snapshot } from "../../src/databases/contract.ts";
import type { Bench } from "../contract/database.suite.ts";
import { temporaryFolder, testContext } from "../support/bench.ts";
import { byUrl as mariadbByUrl, mariadbBench } from "../support/mariadb-bench.ts";
import { haveMariadb, startMariadb, type Maria } from "../support/mariadb.ts";
import { need } from "../support/need.ts";
import { binaries, startPostgres, type Cluster } from "../support/postgres.ts";
import { byUrl as postgresByUrl, postgresBench } from "../support/postgres-bench.ts";

/** Backups under as many writes as the machine gives; the issue asks for 20. */
const runs = process.env["APLOMO_TEST_FULL"] ? 20 : 2;

let cluster: Cluster;
let maria: Maria;

const engines = [
  {
    title: "PostgreSQL",
    skip: need(binaries !== undefined, "no PostgreSQL server's programs in /usr/lib/postgresql"),
    start: async () => void (cluster = await startPostgres()),
    stop: () => cluster.stop(),
    bench: (): Promise<Bench> => postgresBench(postgresByUrl(() => cluster)),
  },
  {
    title: "MariaDB",
    skip: need(haveMariadb(), "no MariaDB server and client programs: packages/runtime/test/install.sh"),
    start: async () => void (maria = await startMariadb()),
    stop: () => maria.stop(),
    bench: (): Promise<Bench> => mariadbBench(mariadbByUrl(() => maria)),
  },
];

/** Rows by the count of which we know how many writes there were: every insert takes the next number. */
const table = {
  PostgreSQL: "CREATE TABLE busy (id integer PRIMARY KEY, at varchar(40)); CREATE TABLE still (id integer PRIMARY KEY, at varchar(200));",
  MariaDB: "CREATE TABLE busy (id integer PRIMARY KEY, at varchar(40)); CREATE TABLE still (id integer PRIMARY KEY, at varchar(200));",
} as const;

for (const { title, skip, start, stop, bench: make } of engines) {
  describe(`backups of ${title} under writes`, { skip }, () => {
    before(start);
    after(stop);

    it(`hold in ${runs} of ${runs} runs what their snapshot held`, async (t) => {
      const bench = await make();
      t.after(() => bench.close());
      const folder = await temporaryFolder("load");
      t.after(() => folder.remove());
      await bench.sql(table[title as keyof typeof table]);
      const rows = Array.from({ length: 20_000 }, (_, at) => `(${at}, 'text ${at} ${"x".repeat(100)}')`).join(",");
      await bench.sql(`INSERT INTO still VALUES ${rows};`);
      const stalls: number[] = [];
      const watched: Database = {
        ...bench.database,
        async snapshot() {
          const snapshot: Snapshot = await bench.database.snapshot();
          const close = async (): Promise<void> => {
            const stall = snapshot.stallMs?.();
            if (typeof stall === "number") stalls.push(stall);
            await snapshot.close();
          };
          return { ...snapshot, close };
        },
      };
      const writers = await bench.write();
      const counted: number[] = [];
      const ctx = testContext(folder.path);
      const from = performance.now();
      const first = await bench.database.number("SELECT count(*) FROM busy");
      try {
        for (let run = 0; run < runs; run += 1) {
          const record = await takeBackup(ctx, watched, { app: "load", directory: folder.path, tier: "daily" });
          assert.deepEqual(record.manifest.rows.file, record.manifest.rows.snapshot);
          assert.deepEqual((await proveBackup(ctx, bench.database, record)).differences, [], `run ${run}`);
          counted.push(record.manifest.rows.snapshot["busy"] ?? 0);
        }
      } finally {
        const seconds = (performance.now() - from) / 1_000;
        const growth = (await bench.database.number("SELECT count(*) FROM busy")) - first;
        await writers.stop();
        t.diagnostic(
          `${title}: ${counted.length} runs in ${seconds.toFixed(1)} s; the table grew by ${Math.round(growth / seconds)} rows a second net`,
        );
        if (stalls.length > 0) t.diagnostic(`${title}: writers waited ${stalls.join(", ")} ms; longest ${Math.max(...stalls)} ms`);
      }
      assert.ok(new Set(counted).size > 1, "nothing was written meanwhile");
    });
  });
}
