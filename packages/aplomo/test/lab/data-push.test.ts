import assert from "node:assert/strict";
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { need } from "../support/need.ts";
import { binaries, startPostgres, type Cluster } from "../support/postgres.ts";
import { aplomo, type Ended } from "../unit/cli/aplomo.ts";

const skip = need(binaries !== undefined, "no PostgreSQL server's programs in /usr/lib/postgresql");

/** I8: 206 of 7,320 rows were restored, and nobody noticed. */
describe("aplomo data push", { skip }, () => {
  let cluster: Cluster;
  let folder: string;
  before(async () => {
    [cluster, folder] = await Promise.all([startPostgres(), mkdtemp(join(tmpdir(), "aplomo-push-"))]);
    for (const [name, rows] of [
      ["laptop", 7_320],
      ["torn", 206],
      ["app", 12],
    ] as const) {
      await cluster.sql("postgres", `CREATE DATABASE ${name}`);
      await cluster.sql(
        name,
        `CREATE TABLE monthly_kpis (id int PRIMARY KEY); INSERT INTO monthly_kpis SELECT generate_series(1, ${rows}); CREATE TABLE instituciones (id int); INSERT INTO instituciones SELECT generate_series(1, 54)`,
      );
    }
    for (const name of ["laptop", "torn"]) await cluster.client("pg_dump", "-f", join(folder, `${name}.sql`), name);
    await writeFile(join(folder, "counts.txt"), "# of the laptop\nmonthly_kpis = 7320\ninstituciones=54\n");
    await configure({});
  });
  after(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const configure = async (invariants: object): Promise<void> => {
    const main = { engine: "postgres", url: "${DATABASE_URL}", invariants };
    const config = { app: "agenda", target: { kind: "pm2", script: "server.js", port: 3000 }, databases: { main }, env: { file: ".env" } };
    await writeFile(join(folder, "aplomo.yml"), JSON.stringify({ ...config, backups: { directory: "backups" } }));
    await writeFile(join(folder, ".env"), `DATABASE_URL=${cluster.url("app")}\n`, { mode: 0o600 });
  };
  const push = (...args: string[]): Promise<Ended> => aplomo(["data", "push", ...args, "--to", "main", "--yes", "--json"], folder);
  const rows = (): Promise<string> => cluster.sql("app", "SELECT count(*) FROM monthly_kpis");
  const databases = (): Promise<string> => cluster.sql("postgres", "SELECT count(*) FROM pg_database");

  it("refuses a partial dump with both numbers, by counts or by an invariant, and what nobody can judge; the data is as it was", async () => {
    const there = await databases();
    const byCount = await push("torn.sql", "--expect", "counts.txt");
    assert.equal(byCount.code, 1, byCount.stdout);
    assert.match(byCount.stdout, /not all of it came: monthly_kpis: 7320 rows expected, 206 came/);
    await configure({ monthly_kpis: { at_least: 7_000 } });
    const byInvariant = await push("torn.sql");
    assert.equal(byInvariant.code, 1, byInvariant.stdout);
    assert.match(byInvariant.stdout, /monthly_kpis: 206, at least 7000 expected/);
    await configure({});
    const unjudged = await push("laptop.sql");
    assert.deepEqual([unjudged.code, /nothing says what it must hold/.test(unjudged.stdout)], [2, true], unjudged.stdout);
    const misread = await push("laptop.sql", "--expect", "monthly_kpis=many");
    assert.deepEqual([misread.code, /is not TABLE=ROWS/.test(misread.stdout)], [2, true], misread.stdout);
    const noTable = await push("laptop.sql", "--expect", "users=8");
    assert.deepEqual([noTable.code, /users: 8 rows expected, and there is no such table/.test(noTable.stdout)], [1, true], noTable.stdout);
    assert.deepEqual([await rows(), await databases()], ["12", there]);
  });

  it("makes a whole dump the data, keeps the former one, and goes back", async () => {
    const ended = await push("laptop.sql", "--expect", "monthly_kpis=7320", "--expect", "instituciones=54");
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.equal(await rows(), "7320");
    assert.equal((await aplomo(["backup", "restore", "--undo", "--yes"], folder)).code, 0);
    assert.equal(await rows(), "12");
    // What it replaced was backed up first: a backup of Aplomo's, whose manifest says what it must hold.
    const safety = join(folder, "backups/main/safety");
    const names = (await readdir(safety)).filter((name) => !name.startsWith("."));
    for (const name of names) await copyFile(join(safety, name), join(folder, name));
    const dump = names.find((name) => /\.sql\.\w+$/.test(name)) ?? "";
    assert.equal((await push(dump)).code, 0);
    const manifest = names.find((name) => name.endsWith(".manifest.json")) ?? "";
    const text = await readFile(join(folder, manifest), "utf8");
    await writeFile(join(folder, manifest), text.replace('"monthly_kpis": 12', '"monthly_kpis": 13'));
    const changed = await push(dump);
    assert.equal(changed.code, 1, changed.stdout);
    assert.match(changed.stdout, /monthly_kpis: 13 in the manifest, 12 restored/);
    assert.equal(await rows(), "12");
  });
});
