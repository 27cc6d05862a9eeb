import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { poll } from "../../src/base/time.ts";
import type { Bench } from "../contract/database.suite.ts";
import type { Database } from "../../src/databases/contract.ts";
import { keepMigrations } from "../../src/deploy/migrations.ts";
import { drift } from "../../src/deploy/rehearsal/drift.ts";
import type { Work } from "../../src/deploy/step.ts";
import { readStanding, type Found } from "../../src/migrations/standing.ts";
import { byUrl as mariadbByUrl, mariadbBench } from "../support/mariadb-bench.ts";
import { haveMariadb, startMariadb } from "../support/mariadb.ts";
import { need } from "../support/need.ts";
import {
  filesOf,
  flyway,
  installTools,
  killWhile,
  lackedByTools,
  migrate,
  realTools,
  type Address,
  type RealTool,
} from "../support/migration-tools.ts";
import { binaries, startPostgres, type Cluster } from "../support/postgres.ts";
import { byUrl, postgresBench } from "../support/postgres-bench.ts";

const lacks = lackedByTools();
const skip = process.env["APLOMO_TEST_FULL"]
  ? need(binaries !== undefined, "no PostgreSQL server's programs in /usr/lib/postgresql") || need(lacks === undefined, lacks ?? "")
  : "a long round: script/test --full";

const empty = { pending: [], failed: [], edited: [], missing: [], skipped: [] };
/** Those whose migrations here are files of SQL. */
const writesSql = new Set(["drizzle", "flyway", "node-pg-migrate"]);
/** Those that keep a checksum. */
const knowsEdits = new Set(["drizzle", "flyway"]);

describe("where migrations stand, as the tools themselves leave it", { skip }, () => {
  let cluster: Cluster;
  // Its socket is called after the port, so that the address is its own instead.
  const host = `127.${[1, 2, 3].map(() => 1 + Math.floor(Math.random() * 250)).join(".")}`;
  before(async () => {
    await installTools();
    cluster = await startPostgres({ listen_addresses: host });
  });
  after(() => cluster?.stop());

  for (const tool of realTools)
    it(`${tool.name}: applied, pending, failing, edited, taken away`, async () => {
      const bench = await postgresBench(byUrl(() => cluster));
      const at = { host, port: 5_432, user: "postgres", database: bench.live };
      try {
        await walk(tool, at, bench);
      } finally {
        await bench.close();
      }
    });

  it("knex: a run outside of a transaction that was killed has left its lock", async () => {
    const knex = realTools.find(({ name }) => name === "knex") as RealTool;
    const bench = await postgresBench(byUrl(() => cluster));
    const at = { host, port: 5_432, user: "postgres", database: bench.live };
    const folder = mkdtempSync(join(tmpdir(), "aplomo-tool-"));
    try {
      knex.write(folder, 1, "CREATE TABLE one (id integer); SELECT pg_sleep(60);");
      appendFileSync(join(folder, knex.files, `${knex.called(1)}.js`), "exports.config = { transaction: false };\n");
      const sleeps = async (): Promise<true | undefined> =>
        (await cluster.sql(
          "postgres",
          `SELECT count(*) FROM pg_stat_activity WHERE datname = '${bench.live}' AND query LIKE '%pg_sleep(60)%'`,
        )) === "1" || undefined;
      await killWhile(knex, folder, at, () => poll(sleeps, { limit: 60_000, every: 100 }));
      const found = await standing(knex, folder, bench.database);
      assert.deepEqual([found.failed, found.pending], [["the lock in knex_migrations_lock is taken"], [knex.called(1)]]);
    } finally {
      await cluster.sql("postgres", `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${bench.live}'`);
      rmSync(folder, { recursive: true, force: true });
      await bench.close();
    }
  });

  it("flyway on MariaDB: one that failed half-way", { skip: need(haveMariadb(), "no MariaDB server and client programs") }, async () => {
    const tool = flyway("mariadb");
    const maria = await startMariadb();
    const bench = await mariadbBench(mariadbByUrl(() => maria));
    const folder = mkdtempSync(join(tmpdir(), "aplomo-tool-"));
    try {
      const at = { host: "127.0.0.1", port: maria.port, user: "root", database: bench.live };
      tool.write(folder, 1, "CREATE TABLE one (id integer);");
      tool.write(folder, 2, "CREATE TABLE two (id integer); CREATE TABLE one (id integer);");
      assert.notEqual((await migrate(tool, folder, at)).code, 0);
      const found = await standing(tool, folder, bench.database);
      assert.deepEqual(found, { ...empty, tool: "flyway", applied: [tool.called(1)], failed: [tool.called(2)] });
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await bench.close();
      await maria.stop();
    }
  });
});

/** Two are applied; a third comes; it fails; the second is edited; the first goes. */
async function walk(tool: RealTool, at: Address, { database, sql }: Bench): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "aplomo-tool-"));
  const [first, second, third] = ([1, 2, 3] as const).map((id) => tool.called(id)) as [string, string, string];
  const expect = async (more: Partial<Found>): Promise<void> =>
    assert.deepEqual(await standing(tool, folder, database), { ...empty, tool: tool.name, applied: [first, second], ...more });
  try {
    tool.write(folder, 1, "CREATE TABLE one (id integer);");
    tool.write(folder, 2, "CREATE TABLE two (id integer); ALTER TABLE two ADD COLUMN name text;");
    const before = await standing(tool, folder, database);
    assert.deepEqual(before, { ...empty, tool: tool.name, applied: [], pending: [first, second] }, "before the first run");
    const ran = await migrate(tool, folder, at);
    assert.equal(ran.code, 0, ran.output);
    await expect({});
    assert.deepEqual(await drifted(tool, folder, database), writesSql.has(tool.name) ? [] : undefined);
    tool.write(folder, 3, "CREATE TABLE three (id integer); CREATE TABLE one (id integer);");
    await expect({ pending: [third] });
    const failed = await migrate(tool, folder, at);
    assert.notEqual(failed.code, 0, failed.output);
    await expect({ pending: [third] });
    tool.write(folder, 2, "CREATE TABLE two (id bigint);");
    await expect({ pending: [third], edited: knowsEdits.has(tool.name) ? [second] : [] });
    if (!writesSql.has(tool.name)) return;
    tool.write(folder, 2, "CREATE TABLE two (id integer, name text);");
    tool.write(folder, 3, "CREATE TABLE three (id integer);");
    await sql("ALTER TABLE two DROP COLUMN name; CREATE TABLE beyond (id integer);");
    const found = (await drifted(tool, folder, database)) ?? [];
    const missing = ["column three.id", "column two.name", "table three"].map((name) => `${name} is promised, and missing`);
    const beyond = ["column beyond.id", "table beyond"].map((name) => `${name} is in no migration`);
    assert.deepEqual(found.toSorted(), [...missing, ...beyond].toSorted());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a rehearsal says of it. */
async function drifted(tool: RealTool, folder: string, database: Database): Promise<string[] | undefined> {
  const release = { id: "r1", path: folder };
  await keepMigrations(release, filesOf(tool, folder));
  const settings = { migrate: { run: ["migrate"], files: "migrations", time_limit: 60_000 } };
  const facts = { release, deployment: "d1" };
  const work = { config: { settings }, facts, ctx: { signal: new AbortController().signal } } as unknown as Work;
  return drift(work, database, database, { columns: await database.columns(), schema: await database.schema() });
}

async function standing(tool: RealTool, folder: string, database: Database): Promise<Found> {
  const found = await readStanding(database, { files: filesOf(tool, folder) });
  assert.ok(found, "no tool was found");
  return found;
}
