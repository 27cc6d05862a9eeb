import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../base/errors.ts";
import { newest, type Latest } from "./latest.ts";
import { readManifest, type BackupRecord } from "./manifest.ts";
import { manifestName } from "./names.ts";

/** The backups of a folder, newest first. A file without a manifest is none, and neither is a manifest without its file. */
export async function listBackups(directory: string, filter: { database?: string; tier?: string } = {}): Promise<BackupRecord[]> {
  const found: BackupRecord[] = [];
  for (const database of filter.database === undefined ? await folders(directory) : [filter.database]) {
    for (const tier of filter.tier === undefined ? await folders(join(directory, database)) : [filter.tier]) {
      found.push(...(await inFolder(join(directory, database, tier), database, tier)));
    }
  }
  const key = ({ id, manifest }: BackupRecord): string => `${manifest.createdAt} ${id}`;
  return found.sort((a, b) => (key(a) < key(b) ? 1 : -1));
}

/** A backup by its id (file name without endings), or `latest`. */
export async function findBackup(directory: string, database: string, id: string, latest: Latest = newest): Promise<BackupRecord> {
  const all = await listBackups(directory, { database });
  const found = id === "latest" ? latest(all) : all.find((record) => record.id === id);
  if (found) return found;
  const recent = all.slice(0, 3).map((record) => record.id);
  throw new UsageError({
    operation: "find the backup",
    subject: id,
    cause: recent.length === 0 ? `there is none of ${database} in ${directory}` : `${database} has none of this name`,
    hint: recent.length === 0 ? "Make one: aplomo backup run." : `The newest: ${recent.join(", ")}. All: aplomo backup list.`,
  });
}

async function inFolder(folder: string, database: string, tier: string): Promise<BackupRecord[]> {
  const found: BackupRecord[] = [];
  for (const name of await entries(folder)) {
    if (!name.endsWith(manifestName("")) || name.startsWith(".")) continue;
    const manifest = await readManifest(join(folder, name));
    // Ids and file names are taken from where they stand: folders may be copied elsewhere.
    const id = name.slice(0, -manifestName("").length);
    if (!manifest || manifest.id !== id || manifest.file.includes("/")) continue;
    const file = join(folder, manifest.file);
    if (await stat(file).catch(() => undefined)) found.push({ id, database, tier, file, manifest });
  }
  return found;
}

async function folders(path: string): Promise<string[]> {
  return (await entries(path)).filter((name) => !name.startsWith("."));
}

async function entries(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}
