import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { poll } from "../../src/base/time.ts";
import { Secret } from "../../src/base/secret.ts";
import { listBackups } from "../../src/backup/catalogue.ts";
import { checkBackup } from "../../src/backup/check.ts";
import { newSeal, openWith } from "../../src/backup/encryption.ts";
import { newIdentity, parseIdentities } from "../../src/backup/encryption-keys.ts";
import type { BackupRecord } from "../../src/backup/manifest.ts";
import { proveBackup } from "../../src/backup/prove.ts";
import { restoreBackup } from "../../src/backup/restore.ts";
import { planPrune } from "../../src/backup/retention-prune.ts";
import { takeBackup } from "../../src/backup/take.ts";
import { openDatabase } from "../../src/databases/index.ts";
import type { Context } from "../../src/host/context.ts";
import type { Command, Running } from "../../src/host/run.ts";
import { allWhole, backupsElsewhere, watchedHost } from "../support/backups.ts";
import { databaseElsewhere, runElsewhere, temporaryFolder, testConfig, testContext } from "../support/bench.ts";
import { smallDisk } from "../support/disk.ts";
import { ending } from "../support/ending.ts";
import { need } from "../support/need.ts";
import { binaries, startPostgres, type Cluster } from "../support/postgres.ts";
import { newerPostgres, rivalsOn, startNewerPostgres, type Rival } from "../support/rivals.ts";

const skip = need(binaries !== undefined, "no PostgreSQL server's programs in /usr/lib/postgresql");
const rows = 120_000;

/** What a cell came to. `wrong` alone is a failure: something counts as a backup that is none. */
type End = "proven" | "refused" | "wrong";
const width = 46;

/**
 * Each cell breaks one thing, with Aplomo and with what others use (`support/rivals.ts`). For Aplomo: the backup is proven and holds
 * every row, or it is refused; and the earlier one is whole. For the others: whether they or `gzip -t` say anything, or the file is right.
 */
describe("the breakage matrix", { skip }, () => {
  let cluster: Cluster;
  let directory: string;
  let first: BackupRecord;
  let rivals: Rival[];
  const table: { cell: string; aplomo: End; others: End[] }[] = [];
  const plain = testContext("/nowhere");

  before(async () => {
    cluster = await startPostgres();
    rivals = rivalsOn(cluster);
    await cluster.sql("postgres", "CREATE DATABASE app");
    await cluster.sql(
      "app",
      `CREATE TABLE wide (id int PRIMARY KEY, t text); INSERT INTO wide SELECT n, md5(n::text) || md5((n + 1)::text) FROM generate_series(1, ${rows}) n;
      CREATE TABLE narrow (id int); INSERT INTO narrow VALUES (1);`,
    );
  });
  after(async () => {
    await cluster.stop();
    const columns = ["aplomo", ...rivals.map(({ title }) => title)];
    console.log(["".padEnd(width), ...columns].join("  "));
    for (const { cell, aplomo, others } of table)
      console.log([cell.padEnd(width), ...[aplomo, ...others].map((end, at) => end.padEnd(columns[at]?.length ?? 0))].join("  ").trimEnd());
    columns.forEach((title, at) => {
      const ends = table.flatMap(({ aplomo, others }) => [aplomo, ...others][at] ?? []);
      const count = (end: End): number => ends.filter((one) => one === end).length;
      console.log(
        `${title}: ${ends.length} cells, ${count("proven")} right, ${count("refused")} refused, ${count("wrong")} wrong and unnoticed`,
      );
    });
  });
  beforeEach(async (t) => {
    const folder = await temporaryFolder("matrix");
    ending(t, folder.remove);
    directory = folder.path;
    first = await take(plain);
  });

  const database = (ctx: Context): ReturnType<typeof openDatabase> =>
    openDatabase(ctx, testConfig("probe", "/nowhere", { app: { engine: "postgres", url: new Secret(cluster.url("app")) } }), "app");
  const take = (ctx: Context, into = directory): Promise<BackupRecord> =>
    takeBackup(ctx, database(ctx), { app: "agenda", directory: into, tier: "daily" });

  /** Takes one under the given circumstances; what counts afterwards must be whole and proven. */
  async function attempt(ctx: Context): Promise<End> {
    const before = await allWhole(plain, directory);
    const record = await take(ctx).catch(() => undefined);
    const now = await allWhole(plain, directory);
    if (!record) return now === before ? "refused" : "wrong";
    assert.equal(now, before + 1);
    return judge(record);
  }

  async function judge(record: BackupRecord): Promise<End> {
    const { proven } = await proveBackup(plain, database(plain), record);
    return proven ? "proven" : "wrong";
  }

  /** One of the others; `act` is given its process once it runs. */
  async function rivalEnds(rival: Rival, act?: (pid: number) => Promise<unknown>, into = directory): Promise<End> {
    const { pid, ended } = await rival.start(into);
    if (act) await act(pid);
    return (await ended) === 0 ? judgeFile(await rival.file(into)) : "refused";
  }

  /** What `gzip -t` finds is noticed; what it does not find and lacks rows is not. */
  async function judgeFile(file: string): Promise<End> {
    const run = (script: string): Promise<{ code: number | null; said: string }> =>
      new Promise((resolve) => {
        let said = "";
        const child = spawn("sh", ["-c", script, file], { stdio: ["ignore", "pipe", "ignore"] });
        child.stdout.on("data", (text: Buffer) => (said += text.toString()));
        child.once("close", (code) => resolve({ code, said }));
      });
    if ((await run('gzip -t "$0"')).code !== 0) return "refused";
    return Number((await run('gzip -dc "$0" | grep -c "^[0-9]*.[0-9a-f]\\{64\\}$"')).said) === rows ? "proven" : "wrong";
  }

  async function cell(name: string, aplomo: () => Promise<End>, other?: (rival: Rival) => Promise<End>): Promise<void> {
    const others: End[] = [];
    const end = await aplomo();
    for (const rival of other ? rivals : []) others.push((await other?.(rival)) ?? "wrong");
    table.push({ cell: name, aplomo: end, others });
    assert.notEqual(end, "wrong", name);
  }

  const killDump =
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'COPY % TO stdout%' AND state = 'active'";

  it("the server's process dies within the rows, at 10 random points", async () => {
    for (let round = 0; round < 10; round += 1) {
      const after = randomInt(1, 60);
      const kill = async (): Promise<true | undefined> => ((await cluster.sql("postgres", killDump)) === "0" ? undefined : true);
      const soon = async (): Promise<unknown> => {
        await new Promise((resolve) => setTimeout(resolve, after));
        return poll(kill, { limit: 2_000, every: 1 });
      };
      const host = watchedHost((name) => void (name === "pg_dump" && soon().catch(() => {})));
      await cell(
        `server killed ${after} ms into the dump`,
        () => attempt({ ...plain, host }),
        (rival) => rivalEnds(rival, soon),
      );
    }
  });

  it("the dump program or the one that compresses is killed", async () => {
    const kill = (name: string): Context => ({
      ...plain,
      host: watchedHost((which, running: Running) => void (which === name && setTimeout(() => running.kill("SIGKILL"), 60))),
    });
    const killed =
      (name: string) =>
      (rival: Rival): Promise<End> =>
        rivalEnds(rival, async (pid) => {
          await new Promise((resolve) => setTimeout(resolve, 60));
          const once = (): Promise<true | undefined> =>
            new Promise((resolve) =>
              spawn("pkill", ["-KILL", "-P", String(pid), name]).once("close", (code) => resolve(code === 0 ? true : undefined)),
            );
          await poll(once, { limit: 10_000, every: 5 });
        });
    await cell("pg_dump killed", () => attempt(kill("pg_dump")), killed("pg_dump"));
    await cell("the compressor killed", () => attempt(kill("zstd")), killed("gzip"));
  });

  it("the disk is full", async (t) => {
    const disk = await smallDisk(8);
    const reason = need(disk !== undefined, "a small disk can be mounted by root only");
    if (!disk || reason) return t.skip(reason || "");
    try {
      const filling = watchedHost((name) => void (name === "pg_dump" && writeFileSync(join(disk.folder, "filler"), Buffer.alloc(7e6))));
      await cell(
        "the disk runs full",
        async () => {
          const made = await take({ ...plain, host: filling }, disk.folder).catch(() => undefined);
          return made === undefined && (await listBackups(disk.folder)).length === 0 ? "refused" : "wrong";
        },
        (rival) => rivalEnds(rival, undefined, disk.folder),
      );
    } finally {
      await disk.close();
    }
  });

  it("a bit flips or the end is missing, at 20 places", async () => {
    const ours = await readFile(first.file);
    const theirs = new Map<Rival, { file: string; whole: Buffer }>();
    for (const rival of rivals) {
      assert.equal(await rivalEnds(rival), "proven", rival.title);
      const file = await rival.file(directory);
      theirs.set(rival, { file, whole: await readFile(file) });
    }
    for (let round = 0; round < 20; round += 1) {
      const share = round < 4 ? [0, 0.0001, 0.5, 0.99999][round] : Math.random();
      const at = (whole: Buffer): number => Math.floor((share ?? 0) * whole.length);
      const flips = round % 2 === 0;
      const damage = async (path: string, whole: Buffer): Promise<void> => {
        const bytes = Buffer.from(whole);
        bytes[at(whole)] = (bytes[at(whole)] ?? 0) ^ 1;
        await writeFile(path, bytes);
        if (!flips) await truncate(path, at(whole));
      };
      await damage(first.file, ours);
      const refused = (work: Promise<unknown>): Promise<End> =>
        work.then(
          () => "wrong",
          () => "refused",
        );
      await cell(
        `${flips ? "a bit flipped at" : "cut at"} ${((share ?? 0) * 100).toFixed(1)} %`,
        () => refused(checkBackup(plain, first)),
        async (rival) => {
          const { file, whole } = theirs.get(rival) ?? assert.fail();
          await damage(file, whole);
          return judgeFile(file);
        },
      );
    }
    await writeFile(first.file, ours);
  });

  it("the wrong key, or none", async () => {
    const { recipient, identity } = newIdentity();
    const db = database(plain);
    const record = await takeBackup(plain, db, { app: "agenda", directory, tier: "daily", seal: newSeal([recipient]) });
    const right = parseIdentities(identity);
    const wrong = parseIdentities(newIdentity().identity);
    const restores = async (open?: () => ReturnType<typeof openWith>): Promise<End> => {
      const counts = await db.counts();
      const done = await restoreBackup(plain, db, record, { kept: "aplomo_kept_m", open }).catch(() => undefined);
      assert.deepEqual([await db.counts(), await db.listScratch()], [counts, []]);
      return done === undefined ? "refused" : "wrong";
    };
    await cell("restored with the wrong key", () => restores(() => openWith(wrong)));
    await cell("restored without a key", () => restores());
    await cell("proven with the right key", async () =>
      (await proveBackup(plain, db, record, { open: () => openWith(right) })).proven ? "proven" : "wrong",
    );
  });

  it("the clock goes back", async () => {
    const past = { ...plain, now: () => new Date("2020-01-01T00:00:00Z") };
    await cell("the clock went back", async () => {
      const end = await attempt(past);
      const keep = { daily: 1, weekly: 0, monthly: 0 };
      const plan = await planPrune(directory, "app", keep, { now: past.now(), zone: "UTC", releases: [] });
      return plan.some(({ action }) => action === "delete") ? "wrong" : end;
    });
  });

  it("somebody truncates tables meanwhile", async () => {
    const started = (program: string, ms: number, late?: number): Context => {
      const sleep = (command: Command): Command => ({ ...command, argv: ["sh", "-c", `sleep ${late}; exec "$0" "$@"`, ...command.argv] });
      const replace = (command: Command): Command | undefined =>
        late !== undefined && command.argv[0].endsWith(program) ? sleep(command) : undefined;
      return { ...plain, host: watchedHost((name) => void (name === program && setTimeout(cut, ms)), replace) };
    };
    // Once, both tables, and in a transaction that is taken back: the next cells want the rows.
    let cutting: Promise<string> | undefined;
    const cut = (): Promise<string> => (cutting ??= cluster.sql("app", "BEGIN; TRUNCATE narrow, wide; ROLLBACK; SELECT 'cut'"));
    const moments: [string, Context][] = [
      ["as the snapshot is opened", started("psql", 0)],
      ["20 ms later", started("psql", 20)],
      ["as pg_dump starts", started("pg_dump", 0)],
      ["30 ms into the dump", started("pg_dump", 30)],
      ["between our locks and those of pg_dump", started("pg_dump", 0, 0.5)],
    ];
    const others = (rival: Rival): Promise<End> => {
      cutting = undefined;
      return rivalEnds(rival, cut);
    };
    for (const [moment, ctx] of moments) {
      cutting = undefined;
      const ours = async (): Promise<End> => {
        // It waits, as it does for pg_dump by itself; neither it nor the backup fails.
        const end = await attempt(ctx);
        assert.deepEqual([await cutting, end], ["cut", "proven"], moment);
        return end;
      };
      await cell(`truncated ${moment}`, ours, moment === "as pg_dump starts" ? others : undefined);
    }
  });

  it("two run at once", async () => {
    await cell("two runs at once", async () => {
      const ends = await Promise.all([take(plain), take(plain)]);
      const judged = [];
      for (const record of ends) judged.push(await judge(record));
      return judged.every((end) => end === "proven") && new Set(ends.map(({ id }) => id)).size === 2 ? "proven" : "wrong";
    });
  });

  it("the server is newer than pg_dump", async (t) => {
    const reason = need(newerPostgres !== "", "the lab has no newer PostgreSQL: script/lab up rivals");
    if (reason) return t.skip(reason);
    const newer = await startNewerPostgres();
    try {
      await newer.sql("postgres", "CREATE DATABASE app");
      await newer.sql("app", "CREATE TABLE wide (id int); INSERT INTO wide VALUES (1)");
      const settings = { app: { engine: "postgres" as const, url: new Secret(newer.url("app")) } };
      const others = rivalsOn(newer);
      await cell(
        "the server is newer than pg_dump",
        async () => {
          const database = openDatabase(plain, testConfig("probe", "/nowhere", settings), "app");
          const taken = takeBackup(plain, database, { app: "agenda", directory, tier: "daily" });
          await assert.rejects(taken, /pg_dump .* is older than the server, PostgreSQL 18/);
          return "refused";
        },
        ({ title }) => rivalEnds(others.find((rival) => rival.title === title) ?? assert.fail()),
      );
      assert.equal(await allWhole(plain, directory), 1);
    } finally {
      await newer.stop();
    }
  });

  it("the database is empty", async () => {
    await cluster.sql("postgres", "CREATE DATABASE hollow");
    const empty = openDatabase(
      plain,
      testConfig("probe", "/nowhere", { app: { engine: "postgres", url: new Secret(cluster.url("hollow")) } }),
      "app",
    );
    await cell("an empty database", async () => {
      const record = await takeBackup(plain, empty, { app: "agenda", directory, tier: "manual" });
      return (await proveBackup(plain, empty, record)).proven ? "proven" : "wrong";
    });
  });

  it("Aplomo is killed with -9, at 4 random moments", async () => {
    const code = databaseElsewhere("probe", "/nowhere", { engine: "postgres" }, cluster.url("app")) + backupsElsewhere(directory);
    const taking = `${code}\nawait takeBackup(ctx, db, { app: "agenda", directory, tier: "daily" });`;
    for (let round = 0; round < 4; round += 1) {
      const ms = 200 + randomInt(0, 900);
      await cell(`Aplomo killed after ${ms} ms`, async () => {
        await runElsewhere(taking, ms);
        const [newest, ...earlier] = await listBackups(directory);
        await allWhole(plain, directory);
        if (!newest) return "wrong";
        return earlier.length === 0 ? "refused" : judge(newest);
      });
    }
  });
});
