// The lock beside what PostgreSQL itself waits for, and connections that break.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { join } from "node:path";
import { need } from "../../../aplomo/test/support/need.ts";
import { binaries, type Cluster, startPostgres } from "../../../aplomo/test/support/postgres.ts";
import { makeFolder } from "../support/launcher.ts";
import { until } from "../support/server.ts";

describe("the lock", { skip: need(binaries !== undefined, "no PostgreSQL server binaries") }, () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startPostgres({ deadlock_timeout: "200ms" });
    await cluster.sql("postgres", "CREATE TABLE customers AS SELECT generate_series(1, 1000) AS id");
  });
  after(() => cluster?.stop());
  const psql = (sql: string): string[] => [
    join(cluster.bin, "psql"),
    "-X",
    "-q",
    "-v",
    "ON_ERROR_STOP=1",
    "-h",
    cluster.socket,
    "-U",
    "postgres",
    "-d",
    "postgres",
    "-c",
    sql,
  ];

  test("CREATE INDEX CONCURRENTLY does not deadlock with replicas that wait for the lock", async (t) => {
    const folder = await makeFolder(t.after.bind(t));
    // The others wait already when it begins; it ends only when no older snapshot is left.
    const run = ["sh", "-c", 'sleep 1.5; exec "$0" "$@"', ...psql("CREATE INDEX CONCURRENTLY IF NOT EXISTS by_id ON customers (id)")];
    await folder.write("aplomo.boot.json", { migrate: { run, time_limit: "20s" } });
    await folder.write("server.js", "");
    const replicas = Array.from({ length: 4 }, () => folder.boot(["--", "node", "server.js"], { DATABASE_URL: cluster.url("postgres") }));
    for (const replica of replicas) assert.equal(await replica.ended, "exit 0", replica.said());
    assert.equal(await cluster.sql("postgres", "SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_id'::regclass"), "t");
  });

  test("waiting inside PostgreSQL, as a tool's own lock does, is what deadlocks", async () => {
    await cluster.sql("postgres", "DROP INDEX IF EXISTS by_id");
    const holder = cluster.client(
      "psql",
      "-X",
      "-q",
      "-v",
      "ON_ERROR_STOP=1",
      "-d",
      "postgres",
      "-c",
      "SELECT pg_advisory_lock(7)",
      "-c",
      "SELECT pg_sleep(1)",
      "-c",
      "CREATE INDEX CONCURRENTLY by_id ON customers (id)",
    );
    await until(
      "the lock",
      async () => (await cluster.sql("postgres", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")) === "1",
    );
    const waiter = cluster.sql("postgres", "SELECT pg_advisory_lock(7)");
    const outcomes = await Promise.allSettled([holder, waiter]);
    assert.ok(
      outcomes.some((outcome) => outcome.status === "rejected" && /deadlock detected/.test(String(outcome.reason))),
      JSON.stringify(outcomes),
    );
  });

  test("when the lock's connection breaks, the migration is stopped: another replica may begin", async (t) => {
    const folder = await makeFolder(t.after.bind(t));
    await folder.write("aplomo.boot.json", { migrate: { run: ["sh", "-c", "echo begun; exec sleep 100"] } });
    await folder.write("server.js", "");
    const program = folder.boot(["--", "node", "server.js"], { DATABASE_URL: cluster.url("postgres") });
    await until("the migration", () => program.said().includes("begun"), program.said);
    await cluster.sql("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aplomo-boot'");
    assert.equal(await program.ended, "exit 1");
    assert.match(program.said(), /the connection that held the lock broke, so the migration was stopped/);
  });

  test("a replica that waits too long says whom to ask", async (t) => {
    const folder = await makeFolder(t.after.bind(t));
    await folder.write("aplomo.boot.json", { migrate: { run: ["sh", "-c", "echo begun; exec sleep 100"], lock_wait: "1s" } });
    await folder.write("server.js", "");
    const env = { DATABASE_URL: cluster.url("postgres") };
    const first = folder.boot(["--", "node", "server.js"], env);
    await until("the migration", () => first.said().includes("begun"), first.said);
    const second = folder.boot(["--", "node", "server.js"], env);
    assert.equal(await second.ended, "exit 1");
    assert.match(second.said(), /another replica has held the lock for more than 1 s/);
    first.child.kill("SIGTERM");
    assert.equal(await first.ended, "exit 143");
  });
});
