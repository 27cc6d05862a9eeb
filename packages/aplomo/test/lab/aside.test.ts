import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chown, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { proveBackup } from "../../src/backup/prove.ts";
import { takeBackup } from "../../src/backup/take.ts";
import { Secret } from "../../src/base/secret.ts";
import { poll } from "../../src/base/time.ts";
import type { DatabaseSettings } from "../../src/config/schema.ts";
import type { Database } from "../../src/databases/contract.ts";
import { openDatabase } from "../../src/databases/index.ts";
import { unique, type Dialect } from "../contract/database.suite.ts";
import { temporaryFolder, testConfig, testContext } from "../support/bench.ts";
import { whyNoLab } from "../support/lab.ts";
import { mariadbDialect } from "../support/mariadb-bench.ts";
import { need } from "../support/need.ts";
import { binaries, startPostgres, type Cluster } from "../support/postgres.ts";
import { byUrl, postgresBench, postgresDialect } from "../support/postgres-bench.ts";

const run = promisify(execFile);

/** Makes a backup, proves it on a throw-away server and sees it refused there when a row is missing. */
async function provedAside(database: Database, folder: string, where: RegExp): Promise<string> {
  const ctx = testContext(folder);
  const record = await takeBackup(ctx, database, { app: "aside", directory: folder, tier: "daily" });
  const proof = await proveBackup(ctx, database, record, { aside: true });
  assert.deepEqual([proof.differences, proof.proven], [[], true]);
  assert.match(proof.aside?.where ?? JSON.stringify(ctx.events), where);
  assert.ok((proof.aside?.peakBytes ?? 0) > 1_000_000);
  const wrong = {
    ...record,
    manifest: { ...record.manifest, rows: { ...record.manifest.rows, snapshot: { ...record.manifest.rows.snapshot, people: 77 } } },
  };
  assert.match((await proveBackup(ctx, database, wrong, { aside: true })).differences.join(), /people: 77 in the manifest/);
  assert.deepEqual(await database.listScratch(), []);
  return `proof in ${proof.durationMs} ms, ${Math.round((proof.aside?.peakBytes ?? 0) / 1e6)} MB at most`;
}

describe("a proof on a cluster of its own", { skip: need(binaries !== undefined, "no PostgreSQL server's programs") }, () => {
  let cluster: Cluster;
  before(async () => void (cluster = await startPostgres()));
  after(() => cluster.stop());

  it("needs nothing of the database's server but to read, and leaves nothing", async (t) => {
    const bench = await postgresBench(byUrl(() => cluster));
    t.after(() => bench.close());
    const folder = await temporaryFolder("proof");
    t.after(() => folder.remove());
    await bench.sql(`${postgresDialect.objects} INSERT INTO people (id, name) VALUES (1, 'Ana');`);
    // Not even allowed to make a database there.
    await cluster.sql(
      "postgres",
      `CREATE ROLE "the keeper" LOGIN; GRANT pg_read_all_data TO "the keeper"; ALTER ROLE "the keeper" BYPASSRLS; CREATE ROLE owner; ALTER DATABASE "${bench.live}" OWNER TO owner; REVOKE CREATE ON DATABASE "${bench.live}" FROM PUBLIC;`,
    );
    const url = new Secret(cluster.url(bench.live, "the%20keeper"));
    const database = openDatabase(testContext("/nowhere"), testConfig("probe", "/nowhere", { app: { engine: "postgres", url } }), "app");
    await assert.rejects(database.createScratch("aplomo_new_1"), /permission denied/);
    // What a run that was killed left.
    const left = await mkdtemp(join(tmpdir(), "aplomo-aside-"));
    await writeFile(join(left, "owner"), "999999999\nnobody\n");
    const { uid } =
      process.getuid?.() === 0
        ? { uid: Number((await run("id", ["-u", "postgres"]).catch(() => ({ stdout: "65534" }))).stdout) }
        : { uid: -1 };
    if (uid !== -1) await chown(left, uid, uid);
    t.diagnostic(await provedAside(database, folder.path, /aplomo-aside-/));
    assert.deepEqual(
      (await readdir(tmpdir())).filter((name) => name.startsWith("aplomo-aside-")),
      [],
    );
  });
});

const images: { title: string; engine: "postgres" | "mariadb"; env: string[]; client: string[]; dialect: Dialect }[] = [
  {
    title: "PostgreSQL",
    engine: "postgres",
    env: ["POSTGRES_USER=keeper", "POSTGRES_PASSWORD=planted-1", "POSTGRES_DB=shop"],
    client: ["env", "PGPASSWORD=planted-1", "psql", "-h", "127.0.0.1", "-Xq", "-v", "ON_ERROR_STOP=1", "-U", "keeper", "-d", "shop"],
    dialect: postgresDialect,
  },
  {
    title: "MariaDB",
    engine: "mariadb",
    env: ["MARIADB_ROOT_PASSWORD=planted-1", "MARIADB_DATABASE=shop"],
    client: [
      "mariadb",
      "-uroot",
      "-pplanted-1",
      "-h",
      "127.0.0.1",
      "--comments",
      "--default-character-set=utf8mb4",
      "--init-command=SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'",
      "shop",
    ],
    dialect: mariadbDialect,
  },
];

for (const { title, engine, env, client, dialect } of images) {
  describe(`a proof in a container of ${title}'s own image`, { skip: whyNoLab() ?? false }, () => {
    it("is of the same server, and leaves nothing", async (t) => {
      const project = unique("aplomo-test").replace("_", "-");
      const container = `${project}-db-1`;
      const folder = await temporaryFolder("proof");
      t.after(() => folder.remove());
      const labels = [`project=${project}`, "service=db", "oneoff=False"].flatMap((text) => ["--label", `com.docker.compose.${text}`]);
      t.after(() => run("docker", ["rm", "-f", "-v", container]));
      await run("docker", ["run", "-d", "--name", container, ...labels, ...env.flatMap((one) => ["-e", one]), `aplomo-lab/${engine}`]);
      const sql = (text: string): Promise<unknown> => {
        const child = run("docker", ["exec", "-i", container, ...client]);
        child.child.stdin?.on("error", () => {}).end(text);
        return child;
      };
      assert.ok(await poll(() => sql("SELECT 1;").catch(() => undefined), { limit: 60_000, every: 300 }), "it did not come up");
      await sql(dialect.objects);
      const settings: Partial<DatabaseSettings> = { engine, service: "db" };
      const database = openDatabase(testContext("/nowhere"), testConfig(project, "/nowhere", { app: settings }), "app");
      t.diagnostic(await provedAside(database, folder.path, /container aplomo-aside-/));
      const { stdout } = await run("docker", ["ps", "-aq", "--filter", `label=aplomo.aside=${project}/app`]);
      assert.equal(stdout.trim(), "");
    });
  });
}
