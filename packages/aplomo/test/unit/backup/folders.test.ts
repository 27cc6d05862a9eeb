import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { findBackup, listBackups } from "../../../src/backup/catalogue.ts";
import { newestProven } from "../../../src/backup/latest.ts";
import { readManifest, type Manifest, type Proof } from "../../../src/backup/manifest.ts";
import type { Event } from "../../../src/base/events.ts";
import { discard, openWorkplace, prepareFolder } from "../../../src/backup/work.ts";
import { temporaryFolder } from "../../support/bench.ts";

const date = new Date("2026-11-22T15:45:00Z");
const id = "agenda_daily_20261122_154500";

async function folderOf(t: { after(work: () => Promise<void>): void }): Promise<string> {
  const folder = await temporaryFolder("backups");
  t.after(() => folder.remove());
  return folder.path;
}

async function place(
  directory: string,
  database: string,
  tier: string,
  which: string,
  createdAt: string,
  more: object = {},
): Promise<void> {
  const folder = join(directory, database, tier);
  await mkdir(folder, { recursive: true });
  const manifest = { format: "aplomo-backup", version: 1, id: which, createdAt, file: `${which}.sql.zst`, ...more } as Partial<Manifest>;
  await writeFile(join(folder, `${which}.manifest.json`), JSON.stringify(manifest));
  await writeFile(join(folder, `${which}.sql.zst`), "x");
}

describe("the catalogue", () => {
  it("lists backups, newest first, by database and tier", async (t) => {
    const directory = await folderOf(t);
    assert.deepEqual(await listBackups(directory), []);
    await place(directory, "main", "daily", "a_daily_20260101_000000", "2026-01-01T00:00:00Z");
    await place(directory, "main", "deploy", "a_deploy_20260301_000000", "2026-03-01T00:00:00Z");
    await place(directory, "other", "daily", "a_daily_20260201_000000", "2026-02-01T00:00:00Z");
    const ids = async (filter?: { database?: string; tier?: string }): Promise<string[]> =>
      (await listBackups(directory, filter)).map((record) => record.id);
    assert.deepEqual(await ids(), ["a_deploy_20260301_000000", "a_daily_20260201_000000", "a_daily_20260101_000000"]);
    assert.deepEqual(await ids({ database: "main" }), ["a_deploy_20260301_000000", "a_daily_20260101_000000"]);
    assert.deepEqual(await ids({ tier: "daily" }), ["a_daily_20260201_000000", "a_daily_20260101_000000"]);
    assert.equal((await findBackup(directory, "main", "latest")).id, "a_deploy_20260301_000000");
    assert.equal((await findBackup(directory, "main", "a_daily_20260101_000000")).tier, "daily");
    await assert.rejects(findBackup(directory, "main", "nope"), { hint: /a_deploy_20260301_000000, a_daily_20260101_000000/ });
    await assert.rejects(findBackup(directory, "none", "latest"), { hint: /aplomo backup run/ });
  });

  it("restores the newest proven one, and says which newer ones are not", async (t) => {
    const directory = await folderOf(t);
    await place(directory, "main", "deploy", "a_deploy_20260301_000000", "2026-03-01T00:00:00Z");
    await assert.rejects(
      findBackup(
        directory,
        "main",
        "latest",
        newestProven(() => {}),
      ),
      { message: /no backup is proven/, hint: /drill a_deploy/ },
    );
    const proof = { proven: true, differences: [] } as unknown as Proof;
    await place(directory, "main", "weekly", "a_weekly_20260102_000000", "2026-01-02T00:00:00Z", { proof });
    await place(directory, "main", "manual", "a_manual_20260103_000000", "2026-01-03T00:00:00Z", { proof: { ...proof, proven: false } });
    const told: Event[] = [];
    const proven = await findBackup(
      directory,
      "main",
      "latest",
      newestProven((event) => told.push(event)),
    );
    assert.equal(proven.id, "a_weekly_20260102_000000");
    assert.match(JSON.stringify(told), /a_deploy_20260301_000000 is newer, and is not proven: latest is a_weekly_20260102_000000/);
  });

  it("takes nothing for a backup that is not one", async (t) => {
    const directory = await folderOf(t);
    const folder = join(directory, "main", "daily");
    await place(directory, "main", "daily", "a_daily_20260101_000000", "2026-01-01T00:00:00Z", { version: 2 });
    await place(directory, "main", "daily", "a_daily_20260102_000000", "2026-01-02T00:00:00Z", { file: "../../../etc/passwd" });
    await place(directory, "main", "daily", "a_daily_20260103_000000", "2026-01-03T00:00:00Z", { file: "absent.sql.zst" });
    await place(directory, "main", "daily", "a_daily_20260104_000000", "2026-01-04T00:00:00Z", { id: "another" });
    await writeFile(join(folder, "a_daily_20260105_000000.manifest.json"), "{ half");
    await writeFile(join(folder, "a_daily_20260106_000000.sql.zst"), "no manifest");
    await mkdir(join(folder, ".a_daily_20260107_000000.partial"));
    await writeFile(join(directory, "README.txt"), "a file");
    assert.deepEqual(await listBackups(directory), []);
    assert.equal(await readManifest(join(folder, "absent")), undefined);
  });
});

describe("the place a backup is made in", () => {
  it("is private, and gives each its own id", async (t) => {
    const directory = await folderOf(t);
    const folder = join(directory, "main", "daily");
    await prepareFolder(directory, folder);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    const made = await Promise.all(Array.from({ length: 8 }, () => openWorkplace(folder, "agenda", "daily", date)));
    const ids = made.map((work) => work.id).sort();
    assert.equal(new Set(ids).size, 8);
    assert.equal(ids[0], id);
    for (const work of made) await discard(folder, work);
    assert.deepEqual(await readdir(folder), []);
  });

  it("does not take the id of a backup that is there", async (t) => {
    const directory = await folderOf(t);
    await place(directory, "main", "daily", id, "2026-01-01T00:00:00Z");
    assert.equal((await openWorkplace(join(directory, "main", "daily"), "agenda", "daily", date)).id, `${id}_2`);
  });

  it("of a process that died is swept with what stands outside it; of one that lives, or a backup that is there, nothing is", async (t) => {
    const directory = await folderOf(t);
    const folder = join(directory, "main", "daily");
    const alive = await (await prepareFolder(directory, folder), openWorkplace(folder, "agenda", "daily", date));
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    const left = async (which: string, ...names: string[]): Promise<void> => {
      await mkdir(join(folder, `.${which}.partial`));
      await writeFile(join(folder, `.${which}.partial`, "owner"), JSON.stringify({ pid: dead, identity: "boot:1" }));
      for (const name of names) await writeFile(join(folder, `${which}${name}`), "x");
    };
    await left("agenda_daily_20260101_000000", ".sql.zst", ".sql.zst.sha256");
    await left("agenda_daily_20260102_000000", ".sql.zst", ".sql.zst.sha256", ".manifest.json");
    await writeFile(join(folder, "agenda_daily_20260103_000000.sql.zst"), "somebody's");
    // Without an owner yet: it may have been made just now.
    await mkdir(join(folder, ".agenda_daily_20260104_000000.partial"));
    await mkdir(join(folder, ".agenda_daily_20260105_000000.partial"));
    await utimes(join(folder, ".agenda_daily_20260105_000000.partial"), 1, 1);
    await prepareFolder(directory, folder);
    assert.deepEqual((await readdir(folder)).sort(), [
      ".agenda_daily_20260104_000000.partial",
      `.${alive.id}.partial`,
      "agenda_daily_20260102_000000.manifest.json",
      "agenda_daily_20260102_000000.sql.zst",
      "agenda_daily_20260102_000000.sql.zst.sha256",
      "agenda_daily_20260103_000000.sql.zst",
    ]);
  });
});
