import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { Secret } from "../../src/base/secret.ts";
import type { AplomoError } from "../../src/base/errors.ts";
import { poll } from "../../src/base/time.ts";
import { proveBackup } from "../../src/backup/prove.ts";
import { restoreBackup } from "../../src/backup/restore.ts";
import { takeBackup } from "../../src/backup/take.ts";
import { openDatabase } from "../../src/databases/index.ts";
import { local } from "../../src/host/local.ts";
import type { Command, Host } from "../../src/host/run.ts";
import { databaseSuite, unique } from "../contract/database.suite.ts";
import { temporaryFolder, testConfig, testContext } from "../support/bench.ts";
import { dumpInto } from "../support/dump.ts";
import { whyNoLab } from "../support/lab.ts";
import { need } from "../support/need.ts";
import { binaries, startPostgres, type Cluster } from "../support/postgres.ts";
import { byUrl, postgresBench, postgresDialect } from "../support/postgres-bench.ts";
import { runSql, startSql, type Server } from "../support/sql.ts";

const run = promisify(execFile);
const skip = need(binaries !== undefined, "no PostgreSQL server's programs in /usr/lib/postgresql");
let cluster: Cluster;

const server = byUrl(() => cluster);

databaseSuite({
  title: "PostgreSQL by URL",
  skip,
  start: async () => void (cluster = await startPostgres()),
  stop: () => cluster.stop(),
  make: () => postgresBench(server),
  dialect: postgresDialect,
});

const password = "a-planted_password-55c1";

/** A compose service, on a network of the engine or on none. */
function compose(title: string, network: "bridge" | "none"): void {
  const project = unique("aplomo-test").replace("_", "-");
  const container = `${project}-db-1`;
  const service: Server = {
    app: project,
    client: (database) => [
      "docker",
      ["exec", "-i", container, "psql", "-U", "keeper", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database],
      process.env,
    ],
    settings: (database) => ({ engine: "postgres", service: "db", name: database, invariants: {} }),
  };
  databaseSuite({
    title,
    skip: whyNoLab() ?? false,
    async start() {
      const labels = { project, service: "db", oneoff: "False", "container-number": "1" };
      const flags = Object.entries(labels).flatMap(([label, value]) => ["--label", `com.docker.compose.${label}=${value}`]);
      const env = ["-e", "POSTGRES_USER=keeper", "-e", `POSTGRES_PASSWORD=${password}`, "-e", "POSTGRES_DB=keeper"];
      await run("docker", ["run", "-d", "--network", network, "--name", container, ...flags, ...env, "aplomo-lab/postgres"]);
      // Over TCP, for a first server on the socket alone fills the database.
      const client = ["psql", "-h", "127.0.0.1", "-U", "keeper", "-c", "CREATE DATABASE postgres_"];
      const ready = ["exec", "-e", `PGPASSWORD=${password}`, container, ...client];
      const up = await poll(() => run("docker", ready).catch(() => undefined), { limit: 60_000, every: 200 });
      assert.ok(up, "the server did not come up");
    },
    stop: async () => void (await run("docker", ["rm", "-f", "-v", container]).catch(() => {})),
    async make() {
      const bench = await postgresBench(service);
      const { tool } = await bench.database.check();
      const straight = network === "bridge" && binaries !== undefined;
      assert.equal(tool.includes(container), !straight, tool);
      return bench;
    },
    dialect: postgresDialect,
  });
}

compose("PostgreSQL as a compose service, straight to its address", "bridge");
compose("PostgreSQL as a compose service, by its own programs", "none");

describe("a PostgreSQL server", { skip }, () => {
  before(async () => void (cluster = await startPostgres({ max_prepared_transactions: "5" })));
  after(() => cluster.stop());

  const read = `SELECT json_build_object('owner', pg_get_userbyid(d.datdba), 'limit', d.datconnlimit, 'comment', shobj_description(d.oid, 'pg_database'),
      'encoding', d.encoding, 'collate', d.datcollate, 'allowed', d.datallowconn,
      'grants', (SELECT array_agg(g::text ORDER BY g::text) FROM aclexplode(d.datacl) g),
      'settings', (SELECT array_agg(s.setrole::regrole::text || s.setconfig::text ORDER BY s.setrole) FROM pg_db_role_setting s WHERE s.setdatabase = d.oid))
    FROM pg_database d WHERE d.datname = `;

  it("carries owner, grants, limits, settings and comment over, there and back", async (t) => {
    const bench = await postgresBench(server);
    t.after(() => bench.close());
    const { live } = bench;
    await cluster.sql(
      "postgres",
      `CREATE ROLE "An Owner"; CREATE ROLE reader; ALTER DATABASE "${live}" OWNER TO "An Owner"; ALTER DATABASE "${live}" CONNECTION LIMIT 7;
      REVOKE ALL ON DATABASE "${live}" FROM PUBLIC; GRANT CONNECT ON DATABASE "${live}" TO reader WITH GRANT OPTION; GRANT TEMPORARY ON DATABASE "${live}" TO PUBLIC;
      ALTER DATABASE "${live}" SET search_path TO "$user", public, "a, b"; ALTER DATABASE "${live}" SET work_mem TO '8MB'; ALTER DATABASE "${live}" SET app.word TO 'it''s, \\so';
      ALTER ROLE reader IN DATABASE "${live}" SET statement_timeout TO '3s'; COMMENT ON DATABASE "${live}" IS 'it''s ours';`,
    );
    const before = await cluster.sql("postgres", `${read} '${live}'`);
    assert.match(before, /An Owner.*statement_timeout/s);
    await dumpInto(bench.database, "aplomo_new_1");
    await bench.database.swap("aplomo_new_1", "aplomo_kept_1");
    assert.equal(await cluster.sql("postgres", `${read} '${live}'`), before);
    await bench.database.swap("aplomo_kept_1", "aplomo_back_1");
    assert.equal(await cluster.sql("postgres", `${read} '${live}'`), before);
  });

  it("keeps a database without grants of its own without", async (t) => {
    const bench = await postgresBench(server);
    t.after(() => bench.close());
    const before = await cluster.sql("postgres", `${read} '${bench.live}'`);
    await bench.database.createScratch("aplomo_new_1");
    await bench.database.swap("aplomo_new_1", "aplomo_kept_1");
    assert.equal(await cluster.sql("postgres", `${read} '${bench.live}'`), before);
  });

  /** Asks again and again while the work is done, each query in a session of its own. */
  async function askingAlong(live: string, work: () => Promise<void>): Promise<{ asked: number; failures: string[] }> {
    const state = { asking: true, asked: 0, failures: [] as string[] };
    const asking = (async () => {
      while (state.asking) {
        state.asked += 1;
        await runSql(server, live, "SELECT * FROM t;").catch((error: unknown) => state.failures.push(String(error)));
      }
    })();
    const more = async (): Promise<void> => {
      const asked = state.asked;
      assert.ok(await poll(async () => (state.asked > asked + 3 ? true : undefined), { limit: 10_000 }));
    };
    await more();
    await work();
    await more();
    state.asking = false;
    await asking;
    return state;
  }

  it("ends the sessions of clients that hold the database; one that asks again and again loses the query under way at most", async (t) => {
    const bench = await postgresBench(server);
    t.after(() => bench.close());
    await bench.sql("CREATE TABLE t (i int); INSERT INTO t VALUES (1);");
    await dumpInto(bench.database, "aplomo_round_0");
    for (let round = 0; round < 10; round += 1) {
      const holder = startSql(server, bench.live, "BEGIN; SELECT * FROM t; SELECT pg_sleep(600);");
      t.after(() => holder.kill());
      const held = new Promise((resolve) => holder.once("close", resolve));
      // There and back: each is the other's scratch database.
      const { asked, failures } = await askingAlong(bench.live, () =>
        bench.database.swap(`aplomo_round_${round}`, `aplomo_round_${round + 1}`),
      );
      await held;
      assert.ok(failures.length <= 1, `${failures.length} of ${asked} failed: ${failures.join("\n")}`);
    }
  });

  it("refuses new connections for a moment where somebody else reads the list of databases in a transaction", async (t) => {
    const bench = await postgresBench(server);
    t.after(() => bench.close());
    await bench.sql("CREATE TABLE t (i int); INSERT INTO t VALUES (1);");
    await dumpInto(bench.database, "aplomo_new_1");
    const reader = startSql(server, "postgres", "BEGIN; SELECT count(*) FROM pg_database;");
    t.after(() => reader.kill());
    await new Promise((resolve) => reader.stdout?.once("data", resolve));
    const { asked, failures } = await askingAlong(bench.live, () => bench.database.swap("aplomo_new_1", "aplomo_kept_1"));
    // One is ended within its query; the next ones come while the fence stands.
    assert.ok(failures.length < asked - 6, `${failures.length} of ${asked} failed: ${failures.join("\n")}`);
    assert.equal(await cluster.sql("postgres", "SELECT 1"), "1");
  });

  it("is not swapped, nor fenced, while a prepared transaction is open in it", async (t) => {
    const bench = await postgresBench(server);
    t.after(() => bench.close());
    await bench.sql("CREATE TABLE t (i int); INSERT INTO t VALUES (1);");
    await bench.database.createScratch("aplomo_new_1");
    await runSql(server, bench.live, "BEGIN; INSERT INTO t VALUES (2); PREPARE TRANSACTION 'stays';");
    t.after(() => runSql(server, bench.live, "ROLLBACK PREPARED 'stays';").catch(() => {}));
    await assert.rejects(bench.database.swap("aplomo_new_1", "aplomo_kept_1"), {
      message: /prepared transaction stays/,
      hint: /ROLLBACK PREPARED/,
    });
    assert.deepEqual(await bench.database.counts(), { t: 1 });
    await runSql(server, bench.live, "ROLLBACK PREPARED 'stays';");
    await bench.database.swap("aplomo_new_1", "aplomo_kept_1");
    assert.deepEqual(await bench.database.counts(), {});
  });

  it("is not left fenced when a swap fails, or the server crashes within one", async (t) => {
    const bench = await postgresBench(server);
    t.after(() => bench.close());
    await bench.sql("CREATE TABLE t (i int); INSERT INTO t VALUES (1);");
    await bench.database.createScratch("aplomo_new_1");
    const fence = `SELECT datallowconn FROM pg_database WHERE datname = '${bench.live}'`;
    const fenced = async (): Promise<true | undefined> => ((await cluster.sql("postgres", fence)) === "f" ? true : undefined);
    /** A session that cannot be ended. */
    const stuck = async (): Promise<number> => {
      const holder = startSql(server, bench.live, "SELECT pg_backend_pid();");
      t.after(() => holder.kill());
      const pid = Number(await new Promise((resolve) => holder.stdout?.once("data", resolve)));
      process.kill(pid, "SIGSTOP");
      return pid;
    };
    const pid = await stuck();
    await assert.rejects(bench.database.swap("aplomo_new_1", "aplomo_kept_1"), /its sessions do not end/);
    assert.deepEqual(await bench.database.counts(), { t: 1 });
    process.kill(pid, "SIGCONT");

    await stuck();
    const swapping = assert.rejects(bench.database.swap("aplomo_new_1", "aplomo_kept_1"));
    assert.ok(await poll(fenced, { limit: 10_000, every: 20 }));
    // The worst case: the fence is on the disk.
    await cluster.sql("postgres", "CHECKPOINT");
    await cluster.crash();
    await swapping;
    await bench.sql("INSERT INTO t VALUES (2);");

    // And nobody is there to see the server come back.
    await stuck();
    const dying = bench.swapAndDie("aplomo_new_1", "aplomo_kept_1", 60_000);
    assert.ok(await poll(fenced, { limit: 30_000, every: 20 }));
    await cluster.sql("postgres", "CHECKPOINT");
    const reopened = bench.reopen();
    await cluster.crash();
    assert.deepEqual(await reopened.counts(), { t: 2 });
    await reopened.swap("aplomo_new_1", "aplomo_kept_1");
    assert.deepEqual(await reopened.counts(), {});
    await dying;
  });

  it("that an administrator has closed stays closed", async (t) => {
    const bench = await postgresBench(server);
    t.after(() => bench.close());
    await bench.database.createScratch("aplomo_new_1");
    await cluster.sql("postgres", `ALTER DATABASE "${bench.live}" ALLOW_CONNECTIONS false`);
    await assert.rejects(bench.reopen().check(), /not currently accepting connections/);
    assert.equal(await cluster.sql("postgres", `SELECT datallowconn FROM pg_database WHERE datname = '${bench.live}'`), "f");
    await cluster.sql("postgres", `ALTER DATABASE "${bench.live}" ALLOW_CONNECTIONS true`);
  });

  it("is backed up, proven and restored by an owner who is no superuser", async (t) => {
    const bench = await postgresBench(server);
    t.after(() => bench.close());
    const { live } = bench;
    await cluster.sql("postgres", `CREATE ROLE keeper LOGIN CREATEDB; ALTER DATABASE "${live}" OWNER TO keeper;`);
    await cluster.sql(live, "ALTER SCHEMA public OWNER TO keeper;");
    const folder = await temporaryFolder("keeper");
    t.after(() => folder.remove());
    const ctx = testContext(folder.path);
    const settings = { engine: "postgres" as const, url: new Secret(cluster.url(live, "keeper")) };
    const db = openDatabase(ctx, testConfig("probe", folder.path, { app: settings }), "app");
    await cluster.client(
      "psql",
      "-Xq",
      "-U",
      "keeper",
      "-d",
      live,
      "-c",
      "CREATE TABLE t (i int); INSERT INTO t VALUES (1); SELECT lo_create(0);",
    );
    const mark = await db.mark();
    assert.deepEqual(await db.writtenSince(mark), {});
    const record = await takeBackup(ctx, db, { app: "agenda", directory: folder.path, tier: "daily" });
    assert.deepEqual((await proveBackup(ctx, db, record)).differences, []);
    await restoreBackup(ctx, db, record, { kept: "aplomo_kept_1" });
    assert.deepEqual([await db.counts(), await db.counts("aplomo_kept_1")], [{ t: 1 }, { t: 1 }]);
    assert.match(await cluster.sql("postgres", `${read} '${live}'`), /"owner" : "keeper"/);
  });

  it("refuses client programs older than the server, and says what to install", async (t) => {
    const bench = await postgresBench(server);
    t.after(() => bench.close());
    const folder = await temporaryFolder("old-tools");
    t.after(() => folder.remove());
    const old = join(folder.path, "pg_dump");
    await writeFile(old, "#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n");
    await chmod(old, 0o755);
    // Every set of programs on this machine answers as the old one does.
    const replaced = (command: Command): Command => (command.argv[1] === "--version" ? { argv: [old, "--version"] } : command);
    const host: Host = { ...local, attempt: (command, signal) => local.attempt(replaced(command), signal) };
    const config = testConfig("probe", folder.path, { app: { engine: "postgres", url: new Secret(cluster.url(bench.live)) } });
    const database = openDatabase({ ...testContext(folder.path), host }, config, "app");
    await assert.rejects(
      database.check(),
      (error: AplomoError) =>
        /9\.6\.1 .* older than the server/.test(error.message) && /apt install postgresql-client-\d+/.test(error.hint ?? ""),
    );
  });

  it("says what is wrong when it cannot be reached, and never the password", async () => {
    const open = (url: string): ReturnType<typeof openDatabase> =>
      openDatabase(testContext("/nowhere"), testConfig("probe", "/nowhere", { app: { engine: "postgres", url: new Secret(url) } }), "app");
    const cases: [string, RegExp][] = [
      [cluster.url("absent"), /database "absent" does not exist/],
      [`postgres://me:hush@127.0.0.1:1/app`, /127\.0\.0\.1.*port 1/],
      [cluster.url("postgres", "nobody_known"), /role "nobody_known" does not exist/],
    ];
    for (const [url, expected] of cases) {
      await assert.rejects(
        open(url).check(),
        (error: AplomoError) => error.name === "AplomoError" && expected.test(error.message) && !JSON.stringify(error).includes("hush"),
      );
    }
  });

  it("counts no rows of extensions, foreign tables, temporary tables or other schemas of its own", async (t) => {
    const bench = await postgresBench(server);
    t.after(() => bench.close());
    await bench.sql("CREATE TABLE t (i int); CREATE VIEW v AS SELECT * FROM t; CREATE MATERIALIZED VIEW m AS SELECT 1 AS one;");
    assert.deepEqual(await bench.database.counts(), { t: 0 });
  });

  it("counts large objects, and sees them written", async (t) => {
    const bench = await postgresBench(server);
    t.after(() => bench.close());
    await bench.sql("SELECT lo_from_bytea(7001, '\\x0001');");
    assert.equal((await bench.database.objects())["large object"], 1);
    const mark = await bench.database.mark();
    assert.deepEqual(await bench.database.writtenSince(mark), {});
    await bench.sql("SELECT lo_put(7001, 0, '\\xff');");
    assert.ok(((await bench.database.writtenSince(mark))["(large objects)"] ?? 0) > 0);
    await dumpInto(bench.database, "aplomo_copy_1");
    assert.equal((await bench.database.objects("aplomo_copy_1"))["large object"], 1);
  });

  it("takes every row for written when the mark is another server's, or of its future", async (t) => {
    const bench = await postgresBench(server);
    t.after(() => bench.close());
    await bench.sql("CREATE TABLE t (i int); INSERT INTO t VALUES (1), (2);");
    const mark = await bench.database.mark();
    for (const other of [{ server: "1" }, { since: "99999999" }]) {
      assert.ok(((await bench.database.writtenSince({ ...mark, ...other }))["t"] ?? 0) >= 2);
    }
    await assert.rejects(bench.database.writtenSince({ nothing: 1 }), /mark of a PostgreSQL database/);
  });
});
