import { join } from "node:path";
import { UsageError } from "../base/errors.ts";
import { stamp } from "../base/time.ts";

/** Endings of a compressed dump. */
export const endings = { zstd: "zst", gzip: "gz" } as const;
export type Compression = keyof typeof endings;

/** Where a database's backups of one tier are. */
export function tierFolder(directory: string, database: string, tier: string): string {
  if (!/^[a-z]{1,20}$/.test(tier))
    throw new UsageError({ operation: "use the tier", subject: tier, cause: "a tier is lower-case letters" });
  return join(directory, database, tier);
}

/** `agenda_daily_20261122_154500`; the second and later ones of the same second end with `_2` and so on. */
export function backupId(app: string, tier: string, date: Date, number = 1): string {
  return `${app}_${tier}_${stamp(date)}${number === 1 ? "" : `_${number}`}`;
}

export function manifestName(id: string): string {
  return `${id}.manifest.json`;
}

export function checksumName(file: string): string {
  return `${file}.sha256`;
}

/** The folder a backup is made in, until it exists; its name also keeps the id from others. */
export function workName(id: string): string {
  return `.${id}.partial`;
}

/** The id in such a folder's name; undefined when it is none. */
export function idOfWork(name: string): string | undefined {
  return /^\.([a-z][a-z0-9-]*_[a-z]+_\d{8}_\d{6}(?:_\d+)?)\.partial$/.exec(name)?.[1];
}
