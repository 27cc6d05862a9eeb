import { createHash, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BackupRecord, Manifest } from "../../src/backup/manifest.ts";
import { tierFolder } from "../../src/backup/names.ts";
import { publish } from "../../src/backup/publish.ts";
import { discard, openWorkplace, prepareFolder } from "../../src/backup/work.ts";
import type { Event } from "../../src/base/events.ts";
import type { Context } from "../../src/host/context.ts";
import { local } from "../../src/host/local.ts";

/** A context whose clock stands where the test puts it. */
export interface TestContext extends Context {
  events: Event[];
  set(now: Date): void;
}

export function testContext(home: string, now: Date): TestContext {
  const events: Event[] = [];
  let clock = now;
  const signal = new AbortController().signal;
  return {
    host: local,
    emit: (event) => void events.push(event),
    signal,
    home,
    now: () => clock,
    events,
    set: (next) => void (clock = next),
  };
}

/** A backup of random bytes, as far as files and manifest go. */
export async function makeBackup(
  directory: string,
  at: Date,
  more: { tier?: string; bytes?: number; proof?: boolean | null; release?: string; rows?: Record<string, number> } = {},
): Promise<BackupRecord> {
  const { tier = "daily", bytes = 10_000, proof = true, release = null, rows = { users: 3 } } = more;
  const folder = tierFolder(directory, "main", tier);
  await prepareFolder(directory, folder);
  const work = await openWorkplace(folder, "app", tier, at);
  const content = randomBytes(bytes);
  await writeFile(join(work.folder, "dump"), content);
  const manifest: Manifest = {
    format: "aplomo-backup",
    version: 1,
    id: work.id,
    app: "app",
    database: "main",
    tier,
    createdAt: at.toISOString(),
    engine: "postgres",
    server: "PostgreSQL 15.18",
    tool: "pg_dump 15.18",
    aplomo: "0.1.0",
    snapshot: null,
    file: `${work.id}.sql.zst`,
    compression: "zstd",
    encryption: null,
    sha256: createHash("sha256").update(content).digest("hex"),
    bytes: { stored: bytes, plain: bytes * 3 },
    rows: { snapshot: rows, file: rows },
    sequences: null,
    objects: {},
    schema: { fingerprint: "0", parts: {} },
    durations: { dumpMs: 1, verifyMs: 1, totalMs: 2, stallMs: null },
    release,
    deployment: null,
    proof: proof === null ? null : { at: at.toISOString(), proven: proof, durationMs: 1, server: "", tables: 1, rows: 3, differences: [] },
  };
  await publish(folder, work, manifest);
  await discard(folder, work);
  return { id: work.id, database: "main", tier, file: join(folder, manifest.file), manifest };
}
