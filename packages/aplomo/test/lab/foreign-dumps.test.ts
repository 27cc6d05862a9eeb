import assert from "node:assert/strict";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { decompression } from "../../src/backup/compress.ts";
import { connect, type Stage } from "../../src/backup/flow.ts";
import type { Database } from "../../src/databases/contract.ts";
import { headBytes, kindOf } from "../../src/databases/formats.ts";
import { onlyTable, tamed } from "../../src/databases/index.ts";
import { local } from "../../src/host/local.ts";
import type { Command } from "../../src/host/run.ts";
import { temporaryFolder, testContext } from "../support/bench.ts";
import { byUrl as mariadbByUrl, mariadbBench, mariadbDialect } from "../support/mariadb-bench.ts";
import { haveMariadb, startMariadb, type Maria } from "../support/mariadb.ts";
import { need } from "../support/need.ts";
import { binaries, startPostgres, type Cluster } from "../support/postgres.ts";
import { byUrl as postgresByUrl, postgresBench, postgresDialect } from "../support/postgres-bench.ts";

const ctx = testContext("/nowhere");
const scratch = "aplomo_new_1";

/** Loads a file or folder of whatever kind, as a restore of a foreign dump does. */
async function load(database: Database, path: string, only?: string): Promise<void> {
  await database.createScratch(scratch);
  const stages: Stage[] = [];
  const file = path.endsWith(".dir") ? undefined : await open(path, "r");
  try {
    let kind = kindOf((await file?.read(Buffer.alloc(headBytes), 0, headBytes, 0))?.buffer ?? Buffer.from("PGDMP"));
    if ("wrapped" in kind) {
      stages.push(await decompression(ctx, kind.wrapped));
      // A content that is no archive is text.
      kind = { format: path.includes(".dump") ? "custom" : "plain", engine: "postgres" };
    }
    if ("format" in kind && kind.format === "custom") {
      const command = await database.archiveReader?.(file ? "custom" : "directory", path);
      assert.ok(command);
      stages.push({ command });
    } else stages.push({ transform: () => tamed(database.engine) });
    if (only !== undefined) stages.push({ transform: () => onlyTable(database.engine, only) });
    const channel = await database.loader(scratch);
    assert.ok(channel.kind === "program");
    await connect(ctx, [...stages, channel], file?.fd ?? null, "ignore").ended;
  } finally {
    await file?.close();
  }
}

async function save(command: Command, path: string): Promise<void> {
  const file = await open(path, "w");
  const { code } = await local.spawn(command, ["ignore", file.fd, "ignore"]).ended;
  await file.close();
  assert.equal(code, 0, command.argv.join(" "));
}

describe("dumps of PostgreSQL that another tool made", { skip: need(binaries !== undefined, "no PostgreSQL server's programs") }, () => {
  let cluster: Cluster;
  before(async () => void (cluster = await startPostgres()));
  after(() => cluster.stop());

  it("are loaded, plain, -Fc and -Fd, as they are or compressed, and never into the database they name", async (t) => {
    const bench = await postgresBench(postgresByUrl(() => cluster));
    t.after(() => bench.close());
    const folder = await temporaryFolder("foreign");
    t.after(() => folder.remove());
    const { database, live } = bench;
    await bench.sql(
      `${postgresDialect.objects} INSERT INTO people (id, name) VALUES (1, 'Ana'), (2, 'y'); INSERT INTO pets (owner, name) VALUES (1, 'a'), (2, 'b');`,
    );
    const [counts, schema, sums] = [await database.counts(), await database.schema(), await database.checksums()];
    const dump = (path: string, ...args: string[]): Promise<string> =>
      cluster.client("pg_dump", ...args, "-f", join(folder.path, path), live);
    await dump("a.sql");
    await dump("b.sql", "--create", "--clean");
    await dump("c.dump", "-Fc");
    await dump("d.dir", "-Fd");
    await save({ argv: ["gzip", "-c", join(folder.path, "b.sql")] }, join(folder.path, "e.sql.gz"));
    await save({ argv: ["gzip", "-c", join(folder.path, "c.dump")] }, join(folder.path, "f.dump.gz"));
    const files = ["a.sql", "b.sql", "c.dump", "d.dir", "e.sql.gz", "f.dump.gz"];
    if ((await local.attempt({ argv: ["zstd", "--version"] })).code === 0) {
      await save({ argv: ["zstd", "-qc", join(folder.path, "a.sql")] }, join(folder.path, "g.sql.zst"));
      files.push("g.sql.zst");
    }
    await bench.sql("INSERT INTO pets (owner, name) VALUES (1, 'later');");
    for (const file of files) {
      await load(database, join(folder.path, file));
      assert.deepEqual(await database.counts(scratch), counts, file);
      assert.deepEqual(await database.schema(scratch), schema, file);
      assert.deepEqual(await database.checksums(scratch), sums, file);
    }
    assert.equal((await database.counts())["pets"], 3, "the live one is as it was");
    for (const file of ["a.sql", "c.dump", "d.dir"]) {
      await load(database, join(folder.path, file), "people");
      const expected = Object.fromEntries(
        Object.entries(schema).filter(([part]) => /^(?:table|constraint|index): public\.people\b|^index: public\.lower_name/.test(part)),
      );
      assert.deepEqual(await database.counts(scratch), { people: 2 }, file);
      assert.equal((await database.checksums(scratch))["people"], sums["people"]);
      const found = await database.schema(scratch);
      for (const [part, text] of Object.entries(expected)) assert.equal(found[part], text, `${file}: ${part}`);
      await load(database, join(folder.path, file), "pets");
      assert.deepEqual(await database.counts(scratch), { pets: 2 });
      assert.equal((await database.sequences?.(scratch))?.["pets_id_seq"], "2");
      await load(database, join(folder.path, file), "audit.log");
      assert.deepEqual(await database.counts(scratch), { "audit.log": 0 });
    }
    await assert.rejects(load(database, join(folder.path, "a.sql"), "nowhere"), /the dump has .*people/);
  });

  it("start no shell, and are refused when they hold several databases", async (t) => {
    const bench = await postgresBench(postgresByUrl(() => cluster));
    t.after(() => bench.close());
    const folder = await temporaryFolder("foreign");
    t.after(() => folder.remove());
    const path = join(folder.path, "evil.sql");
    await writeFile(path, "-- PostgreSQL database dump\n\\! touch /tmp/never\n");
    await assert.rejects(load(bench.database, path), /command of psql's/);
    await writeFile(path, "\\connect one\nCREATE TABLE a (i int);\n\\connect two\nCREATE TABLE b (i int);\n");
    await assert.rejects(load(bench.database, path), /several databases: one, two/);
  });
});

describe("dumps of MariaDB that another tool made", { skip: need(haveMariadb(), "no MariaDB server and client programs") }, () => {
  let maria: Maria;
  before(async () => void (maria = await startMariadb()));
  after(() => maria.stop());

  it("are loaded as they are or compressed, and never into the database they name", async (t) => {
    const bench = await mariadbBench(mariadbByUrl(() => maria));
    t.after(() => bench.close());
    const folder = await temporaryFolder("foreign");
    t.after(() => folder.remove());
    const { database, live } = bench;
    await bench.sql(mariadbDialect.objects);
    const [counts, schema, sums] = [await database.counts(), await database.schema(), await database.checksums()];
    const dump = (path: string, ...args: string[]): Promise<void> =>
      save(
        {
          argv: ["mariadb-dump", "--no-defaults", "-uroot", "-h127.0.0.1", `-P${maria.port}`, "-RE", "--single-transaction", ...args, live],
        },
        join(folder.path, path),
      );
    await dump("a.sql");
    await dump("b.sql", "--add-drop-database", "--databases");
    await save({ argv: ["gzip", "-c", join(folder.path, "b.sql")] }, join(folder.path, "c.sql.gz"));
    await bench.sql("INSERT INTO pets (owner, name) VALUES (1, 'later');");
    for (const file of ["a.sql", "b.sql", "c.sql.gz"]) {
      await load(database, join(folder.path, file));
      assert.deepEqual(await database.counts(scratch), counts, file);
      assert.deepEqual(await database.schema(scratch), schema, file);
      assert.deepEqual(await database.checksums(scratch), sums, file);
    }
    assert.equal((await database.counts())["pets"], 3, "the live one is as it was");
    await load(database, join(folder.path, "a.sql"), "pets");
    assert.deepEqual(await database.counts(scratch), { pets: 2 });
    assert.equal((await database.checksums(scratch))["pets"], sums["pets"]);
    assert.equal((await database.schema(scratch))["table: pets"], schema["table: pets"]);
    await assert.rejects(load(database, join(folder.path, "a.sql"), "nowhere"), /the dump has .*people/);
    await writeFile(join(folder.path, "two.sql"), "USE `one`;\nUSE `two`;\n");
    await assert.rejects(load(database, join(folder.path, "two.sql")), /several databases/);
  });
});
