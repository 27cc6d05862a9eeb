import { randomBytes } from "node:crypto";
import { link, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { LockedError } from "../base/errors.ts";
import { flushFolder, makePrivateFolder, writeFileSafely } from "./files.ts";
import { processIdentity } from "./process.ts";

/** Who holds a lock, and for what. */
export interface Owner {
  pid: number;
  /** See `processIdentity`: a number alone may have been given to another process since. */
  identity: string | null;
  /** `deploy`, `backup run`. */
  operation: string;
  since: string;
  released?: true;
}

export interface Lock {
  owner: Owner;
  /** Gives it back; may be called twice. */
  release(): Promise<void>;
}

/**
 * Takes the lock in `folder`, or throws a `LockedError` that names who holds it. An owner that has died holds nothing.
 *
 * The lock is the file with the highest number. A new owner creates the next number, which the file system grants to one
 * only, and nobody ever removes or replaces a file that could be another's: so two processes that find the same dead owner
 * at the same time cannot both win.
 */
export async function takeLock(folder: string, operation: string): Promise<Lock> {
  await makePrivateFolder(folder);
  for (;;) {
    const newest = await highest(folder);
    const holder = newest === 0 ? undefined : await readOwner(folder, newest);
    if (holder && isAlive(holder)) throw held(folder, holder);
    const number = newest + 1;
    const owner: Owner = { pid: process.pid, identity: processIdentity(process.pid), operation, since: new Date().toISOString() };
    if (!(await create(folder, number, owner))) continue;
    // Somebody faster may have come and gone meanwhile: then ours is not the highest and counts for nothing.
    if ((await highest(folder)) !== number) {
      await rm(join(folder, String(number)), { force: true });
      continue;
    }
    await removeBelow(folder, number);
    return { owner, release: () => giveBack(join(folder, String(number)), owner) };
  }
}

/** Who holds the lock now; undefined when nobody alive does. */
export async function lockHolder(folder: string): Promise<Owner | undefined> {
  const newest = await highest(folder);
  const owner = newest === 0 ? undefined : await readOwner(folder, newest);
  return owner && isAlive(owner) ? owner : undefined;
}

/** Who held the lock last and died with it; undefined when it was given back, or is held. */
export async function deadOwner(folder: string): Promise<Owner | undefined> {
  const newest = await highest(folder);
  const owner = newest === 0 ? undefined : await readOwner(folder, newest);
  return owner && owner.released !== true && !isAlive(owner) ? owner : undefined;
}

/** On a full disk nothing can be written; a file that is gone says the same, and so does the end of this process. */
async function giveBack(file: string, owner: Owner): Promise<void> {
  await writeFileSafely(file, JSON.stringify({ ...owner, released: true })).catch(() => rm(file, { force: true }).catch(() => {}));
}

function isAlive(owner: Owner): boolean {
  return owner.released !== true && owner.identity !== null && processIdentity(owner.pid) === owner.identity;
}

function held(folder: string, owner: Owner): LockedError {
  return new LockedError({
    operation: "take the lock",
    subject: folder,
    cause: `process ${owner.pid} holds it for ${owner.operation} since ${owner.since}`,
    hint: "wait until it has ended; `aplomo status` shows what it does",
  });
}

async function highest(folder: string): Promise<number> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return Math.max(0, ...names.filter((name) => /^\d+$/.test(name)).map(Number));
}

async function readOwner(folder: string, number: number): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, String(number)), "utf8")) as Owner;
  } catch (error) {
    // Gone: a newer owner tidied up between our two looks.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Creates the file with its content in one act; false when it exists. */
async function create(folder: string, number: number, owner: Owner): Promise<boolean> {
  const beside = join(folder, `.${randomBytes(6).toString("hex")}`);
  try {
    const file = await open(beside, "wx", 0o600);
    await file.writeFile(JSON.stringify(owner));
    await file.sync();
    await file.close();
    await link(beside, join(folder, String(number)));
    await flushFolder(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(beside, { force: true });
  }
}

async function removeBelow(folder: string, number: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^\d+$/.test(name) && Number(name) < number) await rm(join(folder, name), { force: true });
  }
}
