import { randomBytes } from "node:crypto";
import { truncateSync } from "node:fs";
import { open, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AplomoError } from "../../base/errors.ts";
import { processIdentity } from "../../host/process.ts";
import type { Checksums, Counts, Schema, Snapshot, Wanted } from "../contract.ts";
import { countParts } from "../schema.ts";
import type { Library, SqliteFile } from "./open.ts";
import { countRows, hashTables, literal, readSchema } from "./tables.ts";

/** How often it is tried without holding writers up. */
const attempts = 3;

/**
 * A copy of the file, and the counts of the same state. Both are read one after the other; `data_version` tells whether
 * anybody has committed meanwhile. Under so many writes that it always has, they wait for once.
 */
export async function openSnapshot(
  library: Library,
  live: string | null,
  path: string,
  subject: string,
  wanted: Wanted = {},
): Promise<Snapshot> {
  await sweep(path);
  const copy = `${path}.aplomo_dump_${process.pid}_${randomBytes(4).toString("hex")}`;
  const file = library.read(live);
  try {
    // Made first, because SQLite would let others read it.
    await (await open(copy, "wx", 0o600)).close();
    const found = copyUntilSame(library, live, () => copyOnce(file, copy, wanted));
    checkCopy(library, copy, subject);
    return {
      source: { kind: "file", path: copy },
      id: null,
      counts: () => Promise.resolve(found.counts),
      checksums: () => Promise.resolve(found.checksums),
      objects: () => Promise.resolve(countParts(found.schema)),
      schema: () => Promise.resolve(found.schema),
      close: () => rm(copy, { force: true }),
    };
  } catch (cause) {
    await rm(copy, { force: true });
    throw cause instanceof AplomoError ? cause : new AplomoError({ operation: "copy", subject, cause });
  } finally {
    file.close();
  }
}

interface Copied {
  counts: Counts;
  checksums: Checksums;
  schema: Schema;
}

function copyUntilSame(library: Library, live: string | null, copy: () => Copied | undefined): Copied {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const found = copy();
    if (found) return found;
  }
  const last = library.hold(live ?? ":memory:", copy);
  if (!last) throw new Error("it changed although writers were held up");
  return last;
}

function copyOnce(file: SqliteFile, copy: string, wanted: Wanted): Copied | undefined {
  // SQLite takes an empty file, and no other.
  truncateSync(copy);
  const before = version(file);
  const counts = countRows(file);
  const checksums = wanted.checksums ? hashTables(file) : {};
  const schema = readSchema(file);
  file.exec(`VACUUM INTO ${literal(copy)}`);
  return version(file) === before ? { counts, checksums, schema } : undefined;
}

function version(file: SqliteFile): number | undefined {
  return file.all<{ data_version: number }>("PRAGMA data_version")[0]?.data_version;
}

function checkCopy(library: Library, copy: string, subject: string): void {
  const file = library.read(copy);
  try {
    const said = file.all<{ integrity_check: string }>("PRAGMA integrity_check(5)").map((row) => row.integrity_check);
    if (said.join() === "ok") return;
    throw new AplomoError({
      operation: "copy",
      subject,
      cause: `SQLite's integrity check found: ${said.join("; ")}`,
      hint: "The database itself is damaged: keep it, and recover what can be with `sqlite3 FILE .recover`, or restore a backup.",
    });
  } finally {
    file.close();
  }
}

/** Removes copies of runs that were killed. */
async function sweep(path: string): Promise<void> {
  const start = `${basename(path)}.aplomo_dump_`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(start)) continue;
    const pid = Number.parseInt(name.slice(start.length), 10);
    if (processIdentity(pid) === null) await rm(join(dirname(path), name), { force: true });
  }
}
