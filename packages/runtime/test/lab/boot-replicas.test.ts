// Replicas that start at once: the migration runs once, in one of them, also when the first is killed half-way.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { need } from "../../../aplomo/test/support/need.ts";
import { binaries, type Cluster, startPostgres } from "../../../aplomo/test/support/postgres.ts";
import { makeFolder } from "../support/launcher.ts";
import { type Maria, startMariadb } from "../support/mariadb.ts";
import { bench, mariadb } from "../support/places.ts";
import { applied, migration, server, startReplicas } from "../support/replicas.ts";
import { start, until } from "../support/server.ts";

const config = { migrate: { run: ["node", "migrate.cjs"] } };
const clients = need(bench !== undefined, "packages/runtime/test/install.sh was not run");

interface Database {
  client: "pg" | "mysql2/promise";
  /** A fresh database's URL. */
  fresh(): Promise<string>;
  sql(text: string): Promise<string>;
}

function suite(database: () => Database): void {
  for (const count of [2, 5, 10]) {
    test(`${count} replicas at once migrate once`, async (t) => {
      const { client, fresh, sql } = database();
      const folder = await makeFolder(t.after.bind(t), ["pg", "mysql2"]);
      await folder.write("aplomo.boot.json", config);
      await folder.write("migrate.cjs", migration(client));
      await folder.write("server.js", server);
      const replicas = await startReplicas(folder, count, { DATABASE_URL: await fresh() });
      assert.equal(applied(replicas), 1);
      assert.equal(await sql("SELECT count(*) FROM beginnings"), "1");
    });
  }

  test("without aplomo-boot two at once both begin: the migration of this test can fail it", async (t) => {
    const { client, fresh, sql } = database();
    const folder = await makeFolder(t.after.bind(t), ["pg", "mysql2"]);
    await folder.write("migrate.cjs", migration(client));
    const env = { DATABASE_URL: await fresh() };
    await sql("CREATE TABLE migrations (name varchar(50))");
    await sql("CREATE TABLE beginnings (pid int)");
    const both = [1, 2].map(() => start([process.execPath, "migrate.cjs"], { cwd: folder.path, env, after: t.after.bind(t) }));
    await Promise.all(both.map(({ ended }) => ended));
    assert.equal(await sql("SELECT count(*) FROM beginnings"), "2");
  });

  test("the first is killed half-way: exactly one of the others does it, after it", async (t) => {
    const { client, fresh, sql } = database();
    const folder = await makeFolder(t.after.bind(t), ["pg", "mysql2"]);
    await folder.write("aplomo.boot.json", config);
    await folder.write("migrate.cjs", migration(client));
    await folder.write("server.js", server);
    const env = { DATABASE_URL: await fresh() };
    const first = folder.boot(["--", "node", "server.js"], env);
    await until("the first to begin", async () => (await sql("SELECT count(*) FROM beginnings").catch(() => "0")) === "1", first.said);
    const others = startReplicas(folder, 4, env);
    // As the kernel or `docker kill` does it: the container's processes all at once.
    for (const pid of await descendants(first.child.pid ?? 0)) process.kill(pid, "SIGKILL");
    await first.ended;
    assert.equal(applied([first]), 0);
    assert.equal(applied(await others), 1);
    assert.equal(await sql("SELECT count(*) FROM migrations"), "1");
    assert.equal(await sql("SELECT count(*) FROM beginnings"), "2");
  });
}

describe("PostgreSQL", { skip: clients || need(binaries !== undefined, "no PostgreSQL server binaries") }, () => {
  let cluster: Cluster;
  let name = "";
  before(async () => {
    cluster = await startPostgres();
  });
  after(() => cluster?.stop());
  suite(() => ({
    client: "pg",
    async fresh() {
      name = `app${Date.now()}`;
      await cluster.sql("postgres", `CREATE DATABASE ${name}`);
      return cluster.url(name);
    },
    sql: (text) => cluster.sql(name, text),
  }));
});

describe("MariaDB", { skip: clients || need(mariadb !== undefined, "no MariaDB: packages/runtime/test/install.sh") }, () => {
  let maria: Maria;
  before(async () => {
    maria = await startMariadb();
  });
  after(() => maria?.stop());
  suite(() => ({
    client: "mysql2/promise",
    async fresh() {
      await maria.sql("DROP DATABASE app; CREATE DATABASE app");
      return maria.url;
    },
    sql: (text) => maria.sql(text),
  }));
});

/** The process and all below it, from /proc. */
async function descendants(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const below = await Promise.all(
    text
      .split(" ")
      .filter(Boolean)
      .map((child) => descendants(Number(child))),
  );
  return [pid, ...below.flat()];
}
