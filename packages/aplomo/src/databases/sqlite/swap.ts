import { chmod, chown, copyFile, link, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AplomoError, reason } from "../../base/errors.ts";
import { flushFolder } from "../../host/files.ts";
import type { Library } from "./open.ts";

/** Paths, all in one folder. */
export interface Swap {
  live: string;
  scratch: string;
  kept: string;
}

/**
 * The scratch file takes the live one's place. There is always a live file: its content gets a second name, then the scratch
 * file is renamed over the first. The application must be stopped: one that still has the file open would go on writing to
 * the kept one.
 */
export async function swapFiles(library: Library, { live, scratch, kept }: Swap, subject: string): Promise<void> {
  const [now, next, old] = await Promise.all([live, scratch, kept].map(inode));
  if (next === undefined && now !== undefined && old !== undefined && now !== old) return flushFolder(dirname(live));
  if (next === undefined) throw new AplomoError({ operation: "swap", subject, cause: `there is no file ${scratch}` });
  if (old !== undefined && old !== now) throw new AplomoError({ operation: "swap", subject, cause: `a file ${kept} exists already` });
  // No file is the same to SQLite as an empty one, and can be kept.
  if (now === undefined) await (await open(live, "a", 0o600)).close();
  await settle(library, live, subject);
  await matchMode(library, live, scratch);
  const { mode, uid, gid } = await stat(live);
  await chmod(scratch, mode & 0o7777);
  await chown(scratch, uid, gid);
  await flush(scratch);
  // What is left of a log would be applied to the new file. Only a damaged database leaves anything in it.
  if (await hasContent(`${live}-wal`)) await rename(`${live}-wal`, `${kept}-wal`);
  for (const rest of ["-wal", "-shm", "-journal"]) await rm(live + rest, { force: true });
  for (const rest of ["-wal", "-shm", "-journal"]) await rm(scratch + rest, { force: true });
  if (old === undefined) await secondName(live, kept);
  await flushFolder(dirname(live));
  await rename(scratch, live);
  await flushFolder(dirname(live));
}

async function hasContent(path: string): Promise<boolean> {
  return ((await stat(path).catch(() => undefined))?.size ?? 0) > 0;
}

async function inode(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).ino;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Everything that was committed stands in the file itself afterwards; a transaction a crash left half-way is undone. */
async function settle(library: Library, live: string, subject: string): Promise<void> {
  const inUse = (cause: unknown): never => {
    throw new AplomoError({ operation: "swap", subject, cause, hint: "Stop the application first." });
  };
  try {
    // Waits for whoever is within a transaction; who only has it open is not seen.
    library.write(live, "PRAGMA busy_timeout = 5000; BEGIN EXCLUSIVE; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (error) {
    // What is damaged is what a restore is for: it is kept as it is.
    if (/not a database|malformed/i.test(reason(error))) return;
    inUse(error);
  }
  if (await hasContent(`${live}-wal`)) inUse("another program is using it");
}

/** WAL is a property of the file, which its header tells, and a copy loses it. */
async function matchMode(library: Library, live: string, scratch: string): Promise<void> {
  const file = await open(live, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(20), 0, 20, 0);
    if (bytesRead === 20 && buffer[18] === 2) library.write(scratch, "PRAGMA journal_mode = WAL");
  } finally {
    await file.close();
  }
  library.write(scratch, "PRAGMA wal_checkpoint(TRUNCATE)");
}

async function secondName(live: string, kept: string): Promise<void> {
  try {
    await link(live, kept);
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "EXDEV"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    // A file system without second names.
    await copyFile(live, `${kept}-partial`);
    await flush(`${kept}-partial`);
    await rename(`${kept}-partial`, kept);
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
