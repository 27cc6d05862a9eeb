import { createHash } from "node:crypto";
import type { Files, Standing } from "./contract.ts";

/** A migration among the files. */
export interface Written {
  name: string;
  /** Whether this is what was applied under the checksum; absent where the tool keeps none. */
  is?: (checksum: string) => boolean;
}

/** A migration in the tool's table. */
export interface Recorded {
  name: string;
  checksum?: string | null;
  failed?: boolean;
}

/** For tools that call a migration by one name in both places. */
export function compareByName(recorded: readonly Recorded[], written: readonly Written[] | null): Standing {
  const done = recorded.filter(({ failed }) => !failed);
  const known = new Set(recorded.map(({ name }) => name));
  const files = new Map((written ?? []).map((one) => [one.name, one]));
  return {
    applied: done.map(({ name }) => name),
    pending: (written ?? []).map(({ name }) => name).filter((name) => !known.has(name)),
    failed: recorded.filter(({ failed }) => failed).map(({ name }) => name),
    edited: done
      .filter(({ name, checksum }) => typeof checksum === "string" && files.get(name)?.is?.(checksum) === false)
      .map(({ name }) => name),
    missing: written === null ? [] : done.map(({ name }) => name).filter((name) => !files.has(name)),
    skipped: [],
  };
}

/** Paths of a folder's own files, not of those below it, in the order of their names. */
export function topFiles(files: Files, pattern: RegExp): string[] {
  return Object.keys(files)
    .filter((path) => !path.includes("/") && pattern.test(path))
    .sort();
}

/** `20240101_users.js` without what says how it is written. */
export function stem(path: string): string {
  return path.replace(/\.[^./]+$/, "");
}

export function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A checkout may have changed the line ends and nothing else. */
export function isSha256(content: Buffer): (checksum: string) => boolean {
  const unix = content.toString("utf8").replaceAll("\r\n", "\n");
  const known = new Set([content, unix, unix.replaceAll("\n", "\r\n")].map(sha256));
  return (checksum) => known.has(checksum);
}
