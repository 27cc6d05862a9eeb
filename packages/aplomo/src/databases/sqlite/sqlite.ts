import { access, constants, open, readdir, realpath, rm, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { AplomoError, UsageError } from "../../base/errors.ts";
import type { Config } from "../../config/config.ts";
import type { Context } from "../../host/context.ts";
import { isScratch, refuseOthers, type Database } from "../contract.ts";
import { nested, oneNumber } from "../number.ts";
import { fingerprintOf, countParts } from "../schema.ts";
import { findLibrary, type Library, type SqliteFile } from "./open.ts";
import { openSnapshot } from "./snapshot.ts";
import { swapFiles } from "./swap.ts";
import { countRows, hashTables, listTables, readColumns, readSchema, readTables } from "./tables.ts";
import { readWritten, takeMark } from "./written.ts";

/**
 * A SQLite file, which need not exist yet: before its application has run for the first time it counts as an empty database.
 * Scratch databases are files beside it, named `<file>.<scratch>`.
 */
export function openSqlite(_ctx: Context, config: Config, name: string): Database {
  const written = config.settings.databases[name]?.file;
  if (written === undefined) throw new UsageError({ operation: "open database", subject: name, cause: "it has no `file`" });
  const configured = resolve(config.directory, written);
  const subject = `database ${name}`;
  let library: Promise<Library> | undefined;
  const find = (): Promise<Library> => (library ??= findLibrary());
  /** Links are followed, so that a swap replaces the file and not the link. */
  const path = (): Promise<string> => realpath(configured).catch(() => configured);
  const beside = async (scratch: string): Promise<string> => `${await path()}.${scratch}`;

  /** Reads within one transaction, from a connection that cannot write. */
  async function reading<T>(scratch: string | undefined, work: (file: SqliteFile) => T | Promise<T>): Promise<T> {
    const target = scratch === undefined ? await present(await path()) : await beside(scratch);
    const found = await find();
    let opened: SqliteFile | undefined;
    try {
      opened = found.read(target);
      opened.exec("BEGIN");
      return await work(opened);
    } catch (cause) {
      throw cause instanceof AplomoError ? cause : new AplomoError({ operation: "read", subject, cause });
    } finally {
      opened?.close();
    }
  }

  return {
    name,
    engine: "sqlite",
    capabilities: { sql: true, transactionalDdl: true, swapNeedsStop: true, extension: "sqlite", lockTimeoutEnv: () => ({}) },
    async check() {
      const file = await path();
      await access(dirname(file), constants.W_OK).catch((cause: unknown) => {
        throw new AplomoError({
          operation: "use the folder of",
          subject,
          cause,
          hint: `Make ${dirname(file)}: copies are made beside the database.`,
        });
      });
      const version = await reading(undefined, (opened) => {
        listTables(opened);
        return opened.all<{ version: string }>("SELECT sqlite_version() AS version")[0]?.version ?? "";
      });
      const sizes = await Promise.all(
        [file, `${file}-wal`].map((one) =>
          stat(one)
            .then((found) => found.size)
            .catch(() => 0),
        ),
      );
      const bytes = sizes.reduce((sum, size) => sum + size, 0);
      return { server: `SQLite ${version}`, tool: `${(await find()).name} ${version}`, bytes };
    },
    snapshot: async (wanted) => {
      const file = await path();
      return openSnapshot(await find(), await present(file), file, subject, wanted);
    },
    counts: (scratch) => reading(scratch, countRows),
    objects: (scratch) => reading(scratch, (file) => countParts(readSchema(file))),
    schema: (scratch) => reading(scratch, readSchema),
    columns: (scratch) => reading(scratch, readColumns),
    fingerprint: (scratch) => reading(scratch, (file) => fingerprintOf(readSchema(file))),
    checksums: (scratch) => reading(scratch, hashTables),
    number: (query, scratch) => reading(scratch, (file) => oneNumber(file.all(`SELECT * FROM ${nested(query)}`), query, subject)),
    read: (wanted, scratch) => reading(scratch, (file) => readTables(file, wanted)),
    async apply(texts, { transaction }, scratch) {
      const file = scratch === undefined ? await path() : await beside(scratch);
      try {
        (await find()).write(file, transaction ? `BEGIN IMMEDIATE;\n${texts.join("\n;\n")}\n;COMMIT;` : texts.join("\n;\n"));
      } catch (cause) {
        throw new AplomoError({ operation: "change", subject, cause });
      }
    },
    async createScratch(scratch) {
      refuseOthers("create the scratch database", scratch);
      await remove(await beside(scratch));
      const file = await open(await beside(scratch), "wx", 0o600);
      try {
        const live = await stat(await path()).catch(() => undefined);
        // Whoever uses the live file may use it: a rehearsal's units are other users than Aplomo. A mode alone would let others in.
        if (live)
          await file.chown(live.uid, live.gid).then(
            () => file.chmod(live.mode & 0o7777),
            () => {},
          );
      } finally {
        await file.close();
      }
    },
    async loader(scratch) {
      refuseOthers("load", scratch);
      return { kind: "file", path: await beside(scratch) };
    },
    async dropScratch(scratch) {
      refuseOthers("drop", scratch);
      await remove(await beside(scratch));
    },
    place: beside,
    async listScratch() {
      const file = await path();
      const start = `${basename(file)}.`;
      const names = await readdir(dirname(file)).catch(() => []);
      const scratches = names.filter((entry) => entry.startsWith(start)).map((entry) => entry.slice(start.length));
      return scratches.filter((entry) => isScratch(entry) && !entry.startsWith("aplomo_dump_")).sort();
    },
    async swap(scratch, kept) {
      refuseOthers("swap", scratch);
      refuseOthers("keep the live database as", kept);
      await swapFiles(await find(), { live: await path(), scratch: await beside(scratch), kept: await beside(kept) }, subject);
    },
    mark: () => reading(undefined, takeMark),
    writtenSince: (mark) => reading(undefined, (file) => readWritten(file, mark)),
  };
}

async function present(path: string): Promise<string | null> {
  return access(path).then(
    () => path,
    () => null,
  );
}

/** The file and what SQLite may have put beside it. */
async function remove(path: string): Promise<void> {
  for (const rest of ["", "-wal", "-shm", "-journal", "-partial"]) await rm(path + rest, { force: true });
}
