import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { promisify } from "node:util";
import { poll } from "../../src/base/time.ts";
import { newIdentity } from "../../src/backup/encryption-keys.ts";
import type { Event } from "../../src/base/events.ts";
import { findLibrary } from "../../src/databases/sqlite/open.ts";
import { unique } from "../contract/database.suite.ts";
import { aplomo, type Ended } from "../unit/cli/aplomo.ts";
import { ending } from "../support/ending.ts";
import { whyNoLab } from "../support/lab.ts";
import { need } from "../support/need.ts";
import { binaries, startPostgres, type Cluster } from "../support/postgres.ts";
import { startS3, whyNoS3 } from "../support/s3.ts";
import { startSftp, whyNoSftp } from "../support/sftp.ts";

const run = promisify(execFile);
const age = process.env["APLOMO_LAB_AGE"] ?? "";
const library = await findLibrary().catch(() => undefined);

type Data = Record<string, unknown>;

/** What a command found. */
function found(ended: Ended, command: string): Data {
  const events = ended.stdout.split("\n").filter((line) => line.startsWith("{"));
  const results = events.map((line) => JSON.parse(line) as Event).filter((event) => event.type === "result" && event.command === command);
  const last = results.at(-1);
  assert.ok(last?.type === "result", ended.stdout.slice(-2_000) + ended.stderr);
  return last.data as Data;
}
const count = (data: Data | undefined, name: string): number => (data?.[name] as unknown[] | undefined)?.length ?? 0;
const words = (values: readonly unknown[]): string[] => values.map(String).toSorted((a, b) => a.localeCompare(b));
const list = (data: Data, name: string): Data[] => data[name] as Data[];

const skip = need(binaries !== undefined, "no PostgreSQL server's programs in /usr/lib/postgresql") || whyNoLab() || false;

describe("aplomo backup", { skip }, () => {
  let cluster: Cluster;
  let folder: string;
  before(async () => {
    cluster = await startPostgres();
  });
  after(() => cluster.stop());
  beforeEach(async (t) => {
    ending(t, clear);
    folder = await mkdtemp(join(tmpdir(), "aplomo-commands-"));
    await cluster.sql("postgres", "CREATE DATABASE app");
    await cluster.sql(
      "app",
      "CREATE TABLE users (id int PRIMARY KEY, name text); INSERT INTO users SELECT n, 'u' || n FROM generate_series(1, 500) n",
    );
  });
  async function clear(): Promise<void> {
    const names = await cluster.sql(
      "postgres",
      "SELECT datname FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1')",
    );
    for (const name of names.split("\n").filter(Boolean)) await cluster.sql("postgres", `DROP DATABASE "${name}" WITH (FORCE)`);
    await rm(folder, { recursive: true, force: true });
  }

  const write = async (backups: Data = {}, databases: Data = {}): Promise<void> => {
    const config = {
      app: "agenda",
      target: { kind: "compose" },
      databases: { main: { engine: "postgres", url: "${DATABASE_URL}", invariants: { users: { at_least: 10 } } }, ...databases },
      env: { file: ".env" },
      backups: { directory: "backups", ...backups },
    };
    await writeFile(join(folder, "compose.yml"), "services: { web: { image: scratch } }\n");
    await writeFile(join(folder, "aplomo.yml"), JSON.stringify(config));
    await writeFile(join(folder, ".env"), `DATABASE_URL=${cluster.url("app")}\n`, { mode: 0o600 });
  };
  const backup = (...args: string[]): Promise<Ended> => aplomo(["backup", ...args, "--json"], folder);
  const good = async (...args: string[]): Promise<Ended> => {
    const ended = await backup(...args);
    assert.equal(ended.code, 0, ended.stdout.slice(-2_000) + ended.stderr);
    return ended;
  };
  const users = (): Promise<string> => cluster.sql("app", "SELECT count(*) FROM users");

  it("run takes, proves, and fills the tiers; list, show, verify, drill and prune tell of it", async () => {
    await write();
    const [first] = list(found(await good("run"), "backup run"), "backups");
    assert.deepEqual([first?.["proven"], first?.["rows"], first?.["differences"], count(first, "kept")], [true, 500, [], 2]);
    const listed = list(found(await good("list"), "backup list"), "backups");
    assert.deepEqual(words(listed.map(({ tier }) => tier)), ["daily", "monthly", "weekly"]);
    assert.ok(listed.every(({ proven }) => typeof proven === "string"));
    assert.match(await readFile(join(folder, "backups/main/README.txt"), "utf8"), /psql -X -1 -v ON_ERROR_STOP=1/);
    const shown = found(await good("show", "latest"), "backup show");
    assert.deepEqual([(shown["manifest"] as Data)["encryption"], shown["rowsNow"]], [null, { users: 500 }]);
    assert.equal(list(found(await good("verify"), "backup verify"), "checks").length, 3);
    assert.deepEqual(list(found(await good("drill"), "backup drill"), "proofs")[0]?.["proven"], true);
    await good("run", "--manual");
    await good("run");
    const verdicts = list(found(await good("prune", "--dry-run"), "backup prune plan"), "verdicts");
    // The day's slot went to the newer one; nothing is left to delete, and what a person made stays.
    assert.deepEqual(words(verdicts.map(({ tier, action }) => [tier, action].join(" "))), [
      "daily keep",
      "manual keep",
      "monthly keep",
      "weekly keep",
    ]);
    for (const verb of ["run", "list", "verify", "drill", "prune"]) {
      const { code, stdout } = await backup(verb, ...(verb === "verify" || verb === "drill" ? ["--database", "mian"] : ["mian"]));
      assert.equal(code, 2, verb);
      assert.match(stdout, /no database of this name.*Did you mean main\?/, verb);
    }
  });

  it("run says so with exit code 1 when what must hold does not hold in the restored copy, and such a backup replaces none", async () => {
    await write();
    await good("run");
    await cluster.sql("app", "TRUNCATE users");
    const ended = await backup("run");
    assert.equal(ended.code, 1);
    const [one] = list(found(ended, "backup run"), "backups");
    assert.deepEqual(one?.["differences"], ["invariant users: 0, at least 10 expected"]);
    const kept = list(found(await good("list"), "backup list"), "backups");
    assert.equal(kept.filter(({ proven, tier }) => tier === "daily" && typeof proven === "string" && proven !== "failed").length, 1);
    const status = await aplomo(["status", "--json"], folder);
    assert.match(String(list(found(status, "status"), "backups")[0]?.["late"]), /the proof of the newest backup failed/);
    const restored = await good("restore", "latest", "--yes");
    assert.equal(await users(), "500", "that of before, which is proven");
    assert.match(restored.stdout, new RegExp(`"warning".*${String(one?.["id"])} is newer, and failed its proof`));
    assert.match((await good("restore", String(one?.["id"]), "--yes")).stdout, /"warning".* failed its proof/);
    assert.equal(await users(), "0");
  });

  it("a damaged one is found by verify and by drill, with exit code 1", async () => {
    await write();
    const [one] = list(found(await good("run", "--manual"), "backup run"), "backups");
    const bytes = await readFile(String(one?.["file"]));
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    await writeFile(String(one?.["file"]), bytes);
    for (const verb of ["verify", "drill"]) assert.equal((await backup(verb)).code, 1, verb);
  });

  it("restore replaces and can be undone; --to restores beside", async () => {
    await write();
    await good("run");
    await cluster.sql("app", "DELETE FROM users WHERE id > 5");
    const { place } = found(await good("restore", "latest", "--to", "look"), "backup restore beside") as { place: string };
    assert.equal(await cluster.sql(place, "SELECT count(*) FROM users"), "500");
    assert.equal(await users(), "5");
    assert.equal((await backup("restore", "latest", "--to", "look")).code, 2);
    await cluster.sql("app", "CREATE TABLE other (n int)");
    const full = String(list(found(await good("list"), "backup list"), "backups").find(({ tier }) => tier === "daily")?.["id"]);
    const part = found(await good("restore", full, "--only", "users"), "backup restore beside");
    assert.deepEqual(part["tables"], { users: 500 });
    assert.equal((await backup("restore", full, "--only", "usres")).code, 1);
    for (const [file, ...format] of [["a.sql"], ["b.dump", "-Fc"], ["c.dir", "-Fd"]] as const) {
      await cluster.client("pg_dump", ...format, "-f", join(folder, file), "app");
      const theirs = found(await good("restore", join(folder, file), "--to", file), "backup restore beside");
      assert.deepEqual(theirs["tables"], { other: 0, users: 5 });
    }
    assert.equal((await backup("restore", join(folder, "a.sql"))).code, 2);
    await good("restore", full, "--yes");
    assert.equal(await users(), "500");
    const status = list(found(await aplomo(["status", "--json"], folder), "status"), "backups");
    assert.equal(count(status[0], "kept"), 6);
    await good("restore", "--undo", "--yes");
    assert.equal(await users(), "5");
    assert.equal((await backup("restore", "--undo", "--yes")).code, 2, "there is nothing left to undo");
  });

  it("SQLite: run, restore and undo", { skip: need(library !== undefined, "neither node:sqlite nor libsql") }, async () => {
    const file = join(folder, "live.db");
    library?.write(file, "CREATE TABLE notes (t text); INSERT INTO notes VALUES ('a'), ('b')");
    await write({}, { local: { engine: "sqlite", file: "live.db" } });
    const backups = list(found(await good("run"), "backup run"), "backups");
    assert.deepEqual(
      backups.map(({ database, rows, proven }) => [database, rows, proven]),
      [
        ["main", 500, true],
        ["local", 2, true],
      ],
    );
    library?.write(file, "DELETE FROM notes");
    await good("restore", "latest", "--database", "local", "--yes");
    const count = (): unknown => library?.read(file).all<{ n: number }>("SELECT count(*) AS n FROM notes")[0]?.n;
    assert.equal(count(), 2);
    await good("restore", "--undo", "--database", "local", "--yes");
    assert.equal(count(), 0);
  });

  it("MariaDB as a compose service: run, drill on a server aside, restore and undo", async () => {
    const project = unique("aplomo-test").replace("_", "-");
    const container = `${project}-db-1`;
    const labels = { project, service: "db", oneoff: "False", "container-number": "1" };
    const flags = Object.entries(labels).flatMap(([label, value]) => ["--label", `com.docker.compose.${label}=${value}`]);
    const env = ["--env", "MARIADB_ROOT_PASSWORD=a planted 'password'", "--env", "MARIADB_DATABASE=app"];
    await run("docker", ["run", "--detach", "--name", container, ...flags, ...env, "aplomo-lab/mariadb"]);
    try {
      const sql = async (text: string): Promise<string> => {
        const client = ["mariadb", "--skip-column-names", "-h127.0.0.1", "-uroot", "-pa planted 'password'", "app", "-e", text];
        return (await run("docker", ["exec", container, ...client])).stdout.trim();
      };
      const ready = await poll(() => sql("SELECT 1").catch(() => undefined), { limit: 60_000, every: 200 });
      assert.equal(ready, "1", "the server did not come up");
      await sql("CREATE TABLE users (id int PRIMARY KEY AUTO_INCREMENT, name text); INSERT INTO users (name) VALUES ('a'), ('b'), ('c')");
      await writeFile(join(folder, "compose.yml"), "services: { db: { image: aplomo-lab/mariadb } }\n");
      const database = { engine: "mariadb", service: "db", name: "app" };
      const config = { app: project, target: { kind: "compose" }, databases: { main: database }, backups: { checksums: true } };
      await writeFile(join(folder, "aplomo.yml"), JSON.stringify(config));
      const [one] = list(found(await good("run"), "backup run"), "backups");
      assert.deepEqual([one?.["proven"], one?.["rows"], one?.["differences"]], [true, 3, []]);
      const [proof] = list(found(await good("drill", "--aside"), "backup drill"), "proofs");
      assert.deepEqual([proof?.["proven"], proof?.["checksums"]], [true, 1]);
      assert.match(JSON.stringify(proof?.["aside"]), /aplomo-aside/);
      await sql("DELETE FROM users WHERE id > 1");
      await good("restore", "latest", "--yes");
      assert.equal(await sql("SELECT count(*) FROM users"), "3");
      await good("restore", "--undo", "--yes");
      assert.equal(await sql("SELECT count(*) FROM users"), "1");
    } finally {
      await run("docker", ["rm", "--force", "--volumes", container]).catch(() => {});
    }
  });

  it("encrypted: proven where no key is, opened by age and by the key alone; safety backups open here", async (t) => {
    const reason = need(age !== "", "no age program: script/lab up stores");
    if (reason) return t.skip(reason);
    const kit = join(folder, "kit.txt");
    await write();
    const { recipient } = found(await good("kit", "--out", kit), "backup kit") as { recipient: string };
    const key = /AGE-SECRET-KEY-1\S+/.exec(await readFile(kit, "utf8"))?.[0] ?? "";
    await writeFile(join(folder, "key.txt"), `${key}\n`, { mode: 0o600 });
    await write({ encrypt_to: [recipient] });
    const checked = await aplomo(["check", "--json"], folder);
    assert.equal(checked.code, 1, "nobody has shown the key yet");
    const canary = (await readdir(join(folder, "backups"))).find((name) => name.endsWith(".age")) ?? "";
    const { stdout } = await run(age, ["-d", "-i", join(folder, "key.txt"), join(folder, "backups", canary)]);
    const code = /^Code: (\S+)$/m.exec(stdout)?.[1] ?? "";
    assert.equal((await aplomo(["check", "--key-code", code], folder)).code, 0);
    assert.equal((await aplomo(["check"], folder)).code, 0);

    const [one] = list(found(await good("run"), "backup run"), "backups");
    assert.equal(one?.["proven"], true);
    const path = String(one?.["file"]);
    assert.match(path, /\.age$/);
    const plain = await run("sh", ["-c", '"$0" -d -i "$1" "$2" | zstd -dc', age, join(folder, "key.txt"), path], { maxBuffer: 1e8 });
    assert.match(plain.stdout, /PostgreSQL database dump complete/);

    await cluster.sql("app", "DELETE FROM users");
    assert.equal((await backup("restore", "latest", "--yes")).code, 2, "no key was given");
    assert.equal((await backup("drill")).code, 2);
    assert.deepEqual(list(found(await good("verify", "latest"), "backup verify"), "checks")[0]?.["opened"], false);
    await writeFile(join(folder, "wrong.txt"), `${newIdentity().identity.reveal()}\n`);
    assert.notEqual((await backup("restore", "latest", "--yes", "--identity", join(folder, "wrong.txt"))).code, 0);
    assert.equal(await users(), "0");
    await good("drill", "--identity", join(folder, "key.txt"));
    await good("restore", "latest", "--yes", "--identity", join(folder, "key.txt"));
    assert.equal(await users(), "500");
    const safety = list(found(await good("list"), "backup list"), "backups").find(({ tier }) => tier === "safety");
    await good("restore", String(safety?.["id"]), "--yes");
    assert.equal(await users(), "0");
    assert.ok(
      !(await run("grep", ["-rl", key, join(folder, "home"), join(folder, "backups")]).catch(() => undefined)),
      "the key is nowhere",
    );
  });

  it("copies go to S3 and SFTP; a store that is down fails nothing and is made up; everything comes back from there", async (t) => {
    const reason = whyNoS3 ?? whyNoSftp;
    if (reason !== undefined) return t.skip(reason);
    const [s3, sftp] = [await startS3(), await startSftp()];
    try {
      const bucket = s3.settings();
      const nas = sftp.settings();
      const usb = { kind: "local", name: "usb", directory: "usb", same_disk: true };
      const stores = [usb, { ...nas, name: "nas" }, { ...bucket, name: "bucket", secret_key: "${BACKUP_SECRET_KEY}" }];
      await write({ copy_to: stores });
      await writeFile(join(folder, ".env"), `DATABASE_URL=${cluster.url("app")}\nBACKUP_SECRET_KEY=${bucket.secret_key?.reveal()}\n`);
      const first = found(await good("run"), "backup run");
      const failures = list(first, "copies").filter(({ failure }) => failure !== null);
      assert.deepEqual(
        failures.map(({ store, missing }) => [store, (missing as string[]).length]),
        [["usb", 3]],
      );
      const checks = await aplomo(["check", "--json"], folder);
      assert.deepEqual([checks.code, list(found(checks, "check"), "findings").map(({ where }) => where)], [1, ["backups.copy_to usb"]]);
      await mkdir(join(folder, "usb"));
      assert.equal((await aplomo(["check"], folder)).code, 0);
      const second = found(await good("run"), "backup run");
      assert.ok(list(second, "copies").every(({ failure }) => failure === null));
      for (const store of ["usb", "nas", "bucket"]) {
        const checked = list(found(await good("verify", "--from", store), "backup verify"), "checks");
        assert.ok(checked.length >= 3 && checked.every(({ ok }) => ok), store);
      }
      await rm(join(folder, "backups/main"), { recursive: true });
      await cluster.sql("app", "DELETE FROM users");
      for (const store of ["nas", "bucket"]) {
        await good("restore", "latest", "--from", store, "--yes");
        assert.equal(await users(), "500", store);
        await cluster.sql("app", "DELETE FROM users");
      }
      const { copies } = found(await aplomo(["status", "--json"], folder), "status") as { copies: Data[] };
      assert.deepEqual(
        copies.map(({ store, failure }) => [store, failure]),
        [
          ["usb", null],
          ["nas", null],
          ["bucket", null],
        ],
      );
    } finally {
      await s3.stop();
      await sftp.stop();
    }
  });

  it("a run waits for another that holds the lock, or says who does", async () => {
    await write();
    const both = await Promise.all([1, 2, 3].map(() => backup("run", "--wait", "60s")));
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0, 0],
    );
    const codes = (await Promise.all([backup("run"), backup("run"), backup("run")])).map(({ code }) => code);
    assert.ok(codes.includes(0) && codes.every((code) => code === 0 || code === 4), String(codes));
  });

  it("a backup that is older than expected makes status fail", async () => {
    await write({ max_age: "1s" });
    const late = async (): Promise<unknown> => list(found(await aplomo(["status", "--json"], folder), "status"), "backups")[0]?.["late"];
    assert.match(String(await late()), /there is no proven backup/);
    await good("run");
    await write({ max_age: "1h" });
    assert.equal(await late(), null);
    await write({ max_age: "10ms" });
    assert.match(String(await late()), /the newest proven backup is .* old/);
  });
});
