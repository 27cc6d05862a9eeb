import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { flushFolder, makePrivateFolder, readIfPresent, writeFileSafely } from "../host/files.ts";
import { processIdentity } from "../host/process.ts";
import { backupId, idOfWork, manifestName, workName } from "./names.ts";

/** Milliseconds a folder may be there without saying whose it is. */
const grace = 60_000;

/** A folder in which a backup is made. While it is there the backup does not exist, whatever else does. */
export interface Workplace {
  id: string;
  folder: string;
}

/** Takes an id nobody has: making a folder succeeds for one only. */
export async function openWorkplace(folder: string, app: string, tier: string, date: Date): Promise<Workplace> {
  for (let number = 1; ; number += 1) {
    const id = backupId(app, tier, date, number);
    const work = join(folder, workName(id));
    try {
      await mkdir(work, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw error;
    }
    if ((await readdir(folder)).some((name) => name.startsWith(`${id}.`))) {
      await rm(work, { recursive: true });
      continue;
    }
    await writeFileSafely(join(work, "owner"), JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) }));
    return { id, folder: work };
  }
}

/** Makes the folder of a tier, and removes what runs that were killed left in it. */
export async function prepareFolder(directory: string, folder: string): Promise<void> {
  await makePrivateFolder(folder);
  await flushFolder(directory);
  for (const name of await readdir(folder)) {
    const id = idOfWork(name);
    if (id !== undefined && (await isAbandoned(join(folder, name)))) await discard(folder, { id, folder: join(folder, name) });
  }
}

/** Removes everything of a backup that did not come to be. A finished one only loses its workplace. */
export async function discard(folder: string, { id, folder: work }: Workplace): Promise<void> {
  const names = await readdir(folder);
  const finished = names.includes(manifestName(id));
  const left = names.filter((name) => name.startsWith(`${id}.`) && !finished);
  for (const name of left) await rm(join(folder, name), { force: true });
  await rm(work, { recursive: true, force: true });
}

async function isAbandoned(work: string): Promise<boolean> {
  const text = await readIfPresent(join(work, "owner"));
  if (text === undefined) {
    const found = await stat(work).catch(() => undefined);
    return found !== undefined && Date.now() - found.mtimeMs > grace;
  }
  const owner = JSON.parse(text) as { pid: number; identity: string | null };
  return owner.identity === null || processIdentity(owner.pid) !== owner.identity;
}
