import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdir, readFile, readdir, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { poll } from "../../src/base/time.ts";
import { checkBackup } from "../../src/backup/check.ts";
import type { BackupRecord } from "../../src/backup/manifest.ts";
import { proveBackup } from "../../src/backup/prove.ts";
import { restoreBackup } from "../../src/backup/restore.ts";
import { takeBackup, type TakeOptions } from "../../src/backup/take.ts";
import { openDatabase } from "../../src/databases/index.ts";
import { Secret } from "../../src/base/secret.ts";
import type { Context } from "../../src/host/context.ts";
import type { Command, Running } from "../../src/host/run.ts";
import { allWhole, backupsElsewhere, tree, watchedHost } from "../support/backups.ts";
import { databaseElsewhere, runElsewhere, temporaryFolder, testConfig, testContext } from "../support/bench.ts";
import { ending } from "../support/ending.ts";
import { need } from "../support/need.ts";
import { binaries, startPostgres, type Cluster } from "../support/postgres.ts";

const run = promisify(execFile);
const skip = need(binaries !== undefined, "no PostgreSQL server's programs in /usr/lib/postgresql");

describe("a backup that breaks", { skip }, () => {
  let cluster: Cluster;
  let directory: string;
  let first: BackupRecord;
  const big = 400_000;

  before(async () => {
    cluster = await startPostgres();
    await cluster.sql("postgres", "CREATE DATABASE app");
    // Text that does not compress well: the file grows while the table is read.
    await cluster.sql(
      "app",
      `CREATE TABLE small (i int); INSERT INTO small SELECT generate_series(1, 50);
      CREATE TABLE wide (id int PRIMARY KEY, t text); INSERT INTO wide SELECT n, md5(n::text) || md5((n + 1)::text) || md5((n + 2)::text) FROM generate_series(1, ${big}) n;`,
    );
  });
  after(() => cluster.stop());
  beforeEach(async (t) => {
    const folder = await temporaryFolder("breakage");
    ending(t, folder.remove);
    directory = folder.path;
    first = await take(testContext("/nowhere"));
  });

  const database = (ctx: Context): ReturnType<typeof openDatabase> =>
    openDatabase(ctx, testConfig("probe", "/nowhere", { app: { engine: "postgres", url: new Secret(cluster.url("app")) } }), "app");
  const take = (ctx: Context, more: Partial<TakeOptions> = {}): Promise<BackupRecord> =>
    takeBackup(ctx, database(ctx), { app: "agenda", directory, tier: "daily", ...more });

  /** The failed run left nothing, in the folder or on the server, and the earlier backup is whole. */
  async function nothingLeft(): Promise<void> {
    const folder = dirname(first.file);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => !name.startsWith(first.id)),
      [],
    );
    assert.equal(await allWhole(testContext("/nowhere"), directory), 1);
    const quiet = async (): Promise<true | undefined> =>
      (await cluster.sql("postgres", "SELECT count(*) FROM pg_stat_activity WHERE datname = 'app'")) === "0" ? true : undefined;
    assert.ok(await poll(quiet, { limit: 10_000 }), "a session is left on the server");
  }

  /** A context on whose host something happens to one program once the dump is under way. */
  function broken(name: string, act: (running: Running) => void | Promise<void>): Context {
    const started = (which: string, running: Running): void => {
      if (which !== name) return;
      const far = async (): Promise<true | undefined> => ((await bytesUnderWay()) > randomInt(1, 4_000_000) ? true : undefined);
      // A run that ended meanwhile, and its folder with it, is nothing to act upon.
      poll(far, { limit: 20_000, every: 5 }).then(
        () => act(running),
        () => {},
      );
    };
    return { ...testContext("/nowhere"), host: watchedHost(started) };
  }

  async function bytesUnderWay(): Promise<number> {
    const folder = dirname(first.file);
    const work = (await readdir(folder)).find((name) => name.endsWith(".partial"));
    return work === undefined ? 0 : (await readFile(join(folder, work, "dump")).catch(() => "")).length;
  }

  /** A dump program that is another one. */
  function instead(replace: (command: Command) => Command): Context {
    const isDump = (command: Command): boolean => command.argv[0].endsWith("pg_dump");
    return {
      ...testContext("/nowhere"),
      host: watchedHost(
        () => {},
        (command) => (isDump(command) ? replace(command) : undefined),
      ),
    };
  }
  const node = (code: string): Command => ({ argv: [process.execPath, "-e", code] });

  it("because the server's process was killed within the rows", async () => {
    for (let round = 0; round < (process.env["APLOMO_TEST_FULL"] ? 10 : 3); round += 1) {
      const kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'aplomo\\_%'";
      const ctx = broken("pg_dump", async () => void (await cluster.sql("postgres", kill)));
      await assert.rejects(take(ctx), /pg_dump: exit code 1.*(?:terminating connection|server closed|COPY)/s);
      await nothingLeft();
    }
  });

  it("because the dump program, or the one that compresses, was killed", async () => {
    const zstd = need(first.file.endsWith(".zst"), "no zstd program") === false ? ["zstd"] : [];
    for (const name of ["pg_dump", ...zstd]) {
      await assert.rejects(take(broken(name, (running) => running.kill("SIGKILL"))), new RegExp(`${name}: ended by SIGKILL`));
      await nothingLeft();
    }
  });

  it("because the server crashed", async () => {
    let crashed: Promise<void> | undefined;
    await assert.rejects(take(broken("pg_dump", () => (crashed = cluster.crash()))));
    await crashed;
    await nothingLeft();
  });

  it("because the session that holds its snapshot was lost", async () => {
    const kill =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'psql' AND state LIKE 'idle in transaction%' AND datname = 'app'";
    const slow = instead((command) => ({ ...command, argv: ["sh", "-c", 'sleep 1; exec "$0" "$@"', ...command.argv] }));
    const taking = assert.rejects(take(slow), /snapshot|connection/);
    await poll(async () => ((await cluster.sql("postgres", kill)) === "t" ? true : undefined), { limit: 10_000, every: 20 });
    await taking;
    await nothingLeft();
  });

  it("because the disk is full", async (t) => {
    const disk = join(directory, "disk");
    await mkdir(disk);
    const mounted = await run("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", disk]).then(
      () => true,
      () => false,
    );
    const reason = need(mounted, "a small disk can be mounted by root only");
    if (reason) return t.skip(reason);
    try {
      const filler = join(disk, "filler");
      // It is there before the first byte of the dump, and after there was said to be room.
      const filling = watchedHost((name) => name === "pg_dump" && writeFileSync(filler, Buffer.alloc(20 * 1024 * 1024)));
      await assert.rejects(take({ ...testContext("/nowhere"), host: filling }, { directory: disk }), {
        message: /ENOSPC|no space left/i,
        hint: /Free disk space/,
      });
      assert.deepEqual(await tree(disk), ["/app/", "/filler", "app/daily/"]);
      await assert.rejects(take(testContext("/nowhere"), { directory: disk }), {
        message: /takes about \d+ MB, and its disk has .* MB free/,
        hint: /Nothing was begun/,
      });
      assert.deepEqual(await tree(disk), ["/app/", "/filler", "app/daily/"]);
    } finally {
      await run("umount", [disk]);
    }
  });

  it("because no byte comes", async () => {
    const silent = instead(() => node("setInterval(() => {}, 1000)"));
    await assert.rejects(take(silent, { stallAfter: 400 }), /gave no byte for 400 ms/);
    await nothingLeft();
  });

  it("because somebody holds a lock on a whole table", async () => {
    const holder = cluster.sql("app", "BEGIN; LOCK TABLE small; SELECT pg_sleep(600)").catch(() => {});
    await poll(
      async () =>
        (await cluster.sql("postgres", "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock'")) === "1" ? true : undefined,
      { limit: 10_000 },
    );
    await assert.rejects(take(testContext("/nowhere"), { stallAfter: 500 }), /for 0.5 s somebody else has locked table public.small/);
    await cluster.sql(
      "postgres",
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()",
    );
    await holder;
    await nothingLeft();
  });

  it("because the dump ends too early though its program says all is well", async () => {
    for (const text of ["", "--\n-- PostgreSQL database dump\n--\n", "x".repeat(5000)]) {
      await assert.rejects(take(instead(() => node(`process.stdout.write(${JSON.stringify(text)})`))), /dump complete.*missing/);
      await nothingLeft();
    }
  });

  it("because rows are missing in it", async () => {
    const pass = (command: Command): Command => ({ ...command, argv: ["sh", "-c", `"$0" "$@" | grep -vx 17`, ...command.argv] });
    await assert.rejects(take(instead(pass)), /small: 50 in the snapshot, 49 in the file/);
    await nothingLeft();
  });

  it("because of Ctrl-C", async () => {
    const controller = new AbortController();
    const ctx = { ...broken("pg_dump", () => controller.abort(new Error("interrupted"))), signal: controller.signal };
    await assert.rejects(take(ctx), /interrupted/);
    await nothingLeft();
  });

  it("by kill -9 leaves a partial folder, which the next run sweeps; earlier ones are whole", async () => {
    const code = databaseElsewhere("probe", "/nowhere", { engine: "postgres" }, cluster.url("app")) + backupsElsewhere(directory);
    const taking = `${code}\nawait takeBackup(ctx, db, { app: "agenda", directory, tier: "daily" });`;
    const rounds = process.env["APLOMO_TEST_FULL"] ? 20 : 6;
    for (let round = 0; round < rounds; round += 1) {
      await runElsewhere(taking, 150 + randomInt(0, 1_500));
      assert.ok((await allWhole(testContext("/nowhere"), directory)) >= 1);
    }
    await sleep(100);
    const last = await take(testContext("/nowhere"));
    const names = await readdir(dirname(last.file));
    assert.deepEqual(
      names.filter((name) => name.endsWith(".partial")),
      [],
    );
    // Each file belongs to a backup that exists.
    assert.equal(names.length, 3 * (await allWhole(testContext("/nowhere"), directory)));
  });

  it("later, by a bit or a missing end, is found wherever it is; not proven, not restored", async () => {
    const ctx = testContext("/nowhere");
    const whole = await readFile(first.file);
    const places = [0, 4, 100, Math.floor(whole.length / 2), whole.length - 5, ...Array.from({ length: 5 }, () => randomInt(whole.length))];
    for (const at of places) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      await writeFile(first.file, flipped);
      await assert.rejects(checkBackup(ctx, first), /SHA-256/, `a bit at ${at}`);
      await writeFile(first.file, whole);
      await truncate(first.file, at);
      await assert.rejects(checkBackup(ctx, first), new RegExp(`has ${at} bytes`), `cut at ${at}`);
    }
    await writeFile(first.file, whole.subarray(0, whole.length / 2));
    const db = database(ctx);
    const proof = await proveBackup(ctx, db, first);
    assert.equal(proof.proven, false);
    assert.match(proof.differences[0] ?? "", /SHA-256/);
    await assert.rejects(restoreBackup(ctx, db, first, { kept: "aplomo_kept_1" }), /not what was backed up.*SHA-256/);
    assert.deepEqual(await db.counts(), { small: 50, wide: big });
    assert.deepEqual(await db.listScratch(), []);
  });
});
