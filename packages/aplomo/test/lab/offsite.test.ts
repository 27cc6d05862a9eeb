import assert from "node:assert/strict";
import { appendFile, mkdir, mkdtemp, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { listBackups } from "../../src/backup/catalogue.ts";
import type { BackupRecord } from "../../src/backup/manifest.ts";
import { manifestName } from "../../src/backup/names.ts";
import { copyOffsite, type StoreReport } from "../../src/backup/offsite.ts";
import { checkCopies, fetchBackup, listCopies } from "../../src/backup/offsite-fetch.ts";
import { readLedger } from "../../src/backup/offsite-ledger.ts";
import { manifestText } from "../../src/backup/publish.ts";
import { sha256Of } from "../../src/backup/scan.ts";
import { writeFileSafely } from "../../src/host/files.ts";
import type { Store } from "../../src/stores/contract.ts";
import { openStore } from "../../src/stores/index.ts";
import type { StoreSettings } from "../../src/stores/settings.ts";
import { makeBackup, testContext, type TestContext } from "../support/sample-backups.ts";
import { startCutter } from "../support/cutter.ts";
import { startS3, whyNoS3 } from "../support/s3.ts";
import { startSftp, whyNoSftp } from "../support/sftp.ts";

const day = 24 * 60 * 60 * 1_000;
const keep = { daily: 3, weekly: 2, monthly: 2 };
const place = { app: "app", database: "main" };
const persistence = { attempts: 2, pause: 10 };
/** Now and not in some year: what the stores date is dated by their clocks. */
const start = Date.now() - 20 * day;
const at = (days: number): Date => new Date(start + days * day);

describe("copies elsewhere", () => {
  let folder: string;
  let directory: string;
  let ctx: TestContext;
  const store = async (name: string, more: Partial<StoreSettings> = {}): Promise<Store> => {
    const settings = { kind: "local", name, directory: join(folder, name), same_disk: true, ...more } as StoreSettings;
    if (settings.kind === "local") await mkdir(settings.directory, { recursive: true });
    return openStore(ctx, settings);
  };
  const copy = async (...stores: Store[]): Promise<StoreReport[]> =>
    copyOffsite(ctx, stores, { ...place, directory, keep, zone: "UTC", releases: [], persistence });
  const idsAt = async (there: Store): Promise<string[]> => (await listCopies(ctx, there, place, persistence)).map(({ id }) => id);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "aplomo-offsite-"));
    directory = join(folder, "backups");
    await mkdir(directory);
    ctx = testContext(folder, at(20));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test("every store gets what retention keeps, newest first, and a second run nothing", async () => {
    const records: BackupRecord[] = [];
    for (let days = 0; days < 6; days += 1) records.push(await makeBackup(directory, at(days)));
    const [nas, usb] = [await store("nas"), await store("usb")];
    const reports = await copy(nas, usb);
    const newest = records
      .slice(-3)
      .map(({ id }) => id)
      .toReversed();
    for (const report of reports)
      assert.deepEqual({ ...report, store: "" }, { store: "", copied: newest, removed: [], missing: [], failure: null });
    assert.deepEqual(await idsAt(nas), newest);
    assert.deepEqual(await checkCopies(ctx, nas, place), {});
    const { stores } = await readLedger(directory);
    assert.equal(stores["usb"]?.completeAt, at(20).toISOString());
    assert.equal(Object.keys(stores["nas"]?.copies ?? {}).length, 3);
    assert.deepEqual((await copy(nas))[0]?.copied, []);
  });

  test("what is not kept any more goes there too, the newest proven one never", async () => {
    const nas = await store("nas");
    for (let days = 0; days < 3; days += 1) await makeBackup(directory, at(days));
    await copy(nas);
    const late = await makeBackup(directory, at(3));
    const [report] = await copy(nas);
    assert.deepEqual([report?.copied, report?.removed.length], [[late.id], 1]);
    assert.equal((await readdir(join(folder, "nas/app/main/daily"))).length, 9);
    // Everything here is lost, and the next backup is not proven: what is there stays.
    await rm(join(directory, "main"), { recursive: true });
    await makeBackup(directory, at(10), { proof: null });
    assert.deepEqual((await copy(nas))[0]?.removed, []);
    assert.equal((await idsAt(nas)).length, 4);
  });

  test("a store that is down fails nothing: the others are served, it is recorded, and made up at the next run", async () => {
    const record = await makeBackup(directory, at(0));
    const [usb, nas] = [await store("usb"), await store("nas")];
    await rename(join(folder, "usb"), join(folder, "unplugged"));
    const [failed, good] = await copy(usb, nas);
    assert.deepEqual(failed?.missing, [record.id]);
    assert.match(failed?.failure?.message ?? "", /usb/);
    assert.match(failed?.failure?.hint ?? "", /Mount the disk/);
    assert.equal(good?.failure, null);
    assert.deepEqual(ctx.events.filter(({ type }) => type === "warning").length, 1);
    ctx.set(at(21));
    const second = await makeBackup(directory, at(20));
    await copy(usb);
    const { failure } = (await readLedger(directory)).stores["usb"] ?? {};
    assert.deepEqual([failure?.since, failure?.at], [at(20).toISOString(), at(21).toISOString()]);
    await rename(join(folder, "unplugged"), join(folder, "usb"));
    assert.deepEqual((await copy(usb))[0]?.copied, [second.id, record.id]);
    assert.equal((await readLedger(directory)).stores["usb"]?.failure, null);
  });

  test("a damaged file is not copied, is told, and keeps no other here", async () => {
    const [damaged, good] = [await makeBackup(directory, at(1)), await makeBackup(directory, at(0))];
    const file = await open(damaged.file, "r+");
    await file.write(Buffer.from("XXXX"), 0, 4, 100);
    await file.close();
    const nas = await store("nas");
    const [report] = await copy(nas);
    assert.deepEqual([report?.copied, report?.missing], [[good.id], [damaged.id]]);
    assert.match(report?.failure?.message ?? "", /not what its manifest says/);
    assert.deepEqual(await idsAt(nas), [good.id]);
  });

  test("half a backup there counts for nothing, and is made whole; what nobody comes back to is removed", async () => {
    const record = await makeBackup(directory, at(0));
    const nas = await store("nas");
    await copy(nas);
    const there = join(folder, "nas/app/main/daily");
    await rm(join(there, manifestName(record.id)));
    assert.deepEqual(await idsAt(nas), []);
    assert.deepEqual((await copy(nas))[0]?.copied, [record.id]);
    await rm(join(there, record.manifest.file));
    assert.deepEqual(await idsAt(nas), []);
    assert.deepEqual((await copy(nas))[0]?.copied, [record.id]);
    await appendFile(join(there, "app_daily_20200101_020000.sql.zst"), "left");
    await appendFile(join(there, "notes of the user.txt"), "mine");
    await copy(nas);
    assert.equal((await readdir(there)).length, 5, "it may still be under way");
    ctx.set(new Date(Date.now() + 10 * day));
    await copy(nas);
    assert.deepEqual((await readdir(there)).includes("app_daily_20200101_020000.sql.zst"), false);
    assert.ok((await readdir(there)).includes("notes of the user.txt"));
  });

  test("a proof that comes later is brought there", async () => {
    const record = await makeBackup(directory, at(0), { proof: null });
    const nas = await store("nas");
    await copy(nas);
    const proven = await makeBackup(directory, at(1));
    const manifest = { ...record.manifest, proof: proven.manifest.proof };
    await writeFileSafely(join(dirname(record.file), manifestName(record.id)), manifestText(manifest));
    await copy(nas);
    assert.deepEqual(
      (await listCopies(ctx, nas, place)).map(({ proof }) => proof),
      ["proven", "proven"],
    );
  });

  test("backups whose proof failed, and those of a restore, stay here", async () => {
    await makeBackup(directory, at(0), { proof: false });
    await makeBackup(directory, at(0), { tier: "safety" });
    const nas = await store("nas");
    assert.deepEqual((await copy(nas))[0], { store: "nas", copied: [], removed: [], missing: [], failure: null });
  });

  test("a copy that rots there is found by reading all of them", async () => {
    const record = await makeBackup(directory, at(0));
    const nas = await store("nas");
    await copy(nas);
    const path = join(folder, "nas/app/main/daily", record.manifest.file);
    const bytes = await readFile(path);
    bytes[5_000] = (bytes[5_000] ?? 0) ^ 1;
    await writeFileSafely(path, bytes);
    assert.deepEqual(Object.keys(await checkCopies(ctx, nas, place)), [record.id]);
    await assert.rejects(fetchBackup(ctx, nas, { ...place, directory: join(folder, "new") }, record.id), /other bytes/);
    assert.deepEqual(await listBackups(join(folder, "new")), []);
  });

  for (const [kind, skip] of [
    ["s3", whyNoS3],
    ["sftp", whyNoSftp],
  ] as const) {
    test(`with a real server (${kind}): cut, made up, pruned, and brought back to an empty machine`, { skip: skip ?? false }, async () => {
      const server = kind === "s3" ? await startS3() : await startSftp();
      const cutter = await startCutter(server.process.port);
      try {
        const there = await openStore(ctx, server.settings(cutter.port));
        const records: BackupRecord[] = [];
        for (let days = 0; days < 3; days += 1) records.push(await makeBackup(directory, at(days), { bytes: 12 * 1024 * 1024 }));
        cutter.cutAfter(20 * 1024 * 1024);
        cutter.breakAtCut();
        const [first] = await copy(there);
        assert.notEqual(first?.failure, null);
        assert.equal(first?.copied.length, 1);
        cutter.mend();
        const [second] = await copy(there);
        assert.equal(second?.failure, null);
        assert.deepEqual(second?.copied, [records[1]?.id, records[0]?.id]);
        records.push(await makeBackup(directory, at(3)));
        assert.deepEqual((await copy(there))[0]?.removed, [records[0]?.id]);
        assert.deepEqual(await checkCopies(ctx, there, place), {});
        const fresh = join(folder, "fresh");
        await mkdir(fresh);
        const back = await fetchBackup(ctx, there, { ...place, directory: fresh }, "latest");
        assert.equal((await sha256Of(back.file)).sha256, records[3]?.manifest.sha256);
        assert.deepEqual(
          (await listBackups(fresh)).map(({ id }) => id),
          [records[3]?.id],
        );
        await there.close();
      } finally {
        await cutter.close();
        await server.stop();
      }
    });
  }
});
