import { mkdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { AplomoError } from "../base/errors.ts";
import { listBackups } from "./catalogue.ts";

/** Of what a database takes on its server's disk; real ones were between a fiftieth and a third. */
const share = 0.25;
/** A database that has grown since the last backup. */
const growth = 1.2;

/** Refuses a backup for which there is surely no room, before anything is written: as large as the last one was, else a part of the database. */
export async function refuseFullDisk(directory: string, database: string, databaseBytes: number): Promise<void> {
  const [last] = await listBackups(directory, { database });
  const wanted = last ? last.manifest.bytes.stored * growth : databaseBytes * share;
  await mkdir(join(directory, database), { recursive: true, mode: 0o700 });
  await refuseSmallDisk(join(directory, database), wanted, `make the backup of ${database}`);
}

/** Refuses what would not fit into a folder. */
export async function refuseSmallDisk(folder: string, wanted: number, operation: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= wanted) return;
  throw new AplomoError({
    operation,
    subject: `in ${folder}`,
    cause: `it takes about ${megabytes(wanted)} MB, and its disk has ${megabytes(free)} MB free`,
    hint: "Free disk space (aplomo backup prune), or set backups.directory to another disk. Nothing was begun.",
  });
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0);
}
