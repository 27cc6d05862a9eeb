import { pathToFileURL } from "node:url";
import { AplomoError, reason } from "../../base/errors.ts";

/** A SQLite file open for reading: the little that both libraries have in common. Synchronous, as they are. */
export interface SqliteFile {
  exec(sql: string): void;
  all<T>(sql: string): T[];
  /** One row after the other, for tables that do not fit in memory. */
  iterate<T>(sql: string): Iterable<T>;
  close(): void;
}

/**
 * What opens files, and its name for people.
 *
 * Who closes a file in WAL mode last removes `<path>-wal`, by that name, even when another file has taken the place since. And
 * libsql closes only once its statements are collected as garbage. So whoever reads opens read-only, which never removes
 * anything, and whoever writes runs whole texts, which leave no statement behind.
 */
export interface Library {
  name: string;
  /** Null: an empty database. */
  read(path: string | null): SqliteFile;
  /** Runs statements, and leaves the file closed. */
  write(path: string, sql: string): void;
  /** Holds writers up while `work` runs. */
  hold<T>(path: string, work: () => T): T;
}

interface Connection {
  exec(sql: string): unknown;
  prepare(sql: string): { all(): unknown[]; iterate(): Iterable<unknown> };
  close(): unknown;
}
type Open = (path: string, readOnly: boolean) => Connection;

/** Milliseconds to wait for a lock another program holds. */
const patience = 30_000;

/** Node's own SQLite where it has one (22.13 and later), else the package `libsql`. */
export async function findLibrary(): Promise<Library> {
  const own = nodesOwn();
  if (own) return library("node:sqlite", own);
  try {
    const { default: Libsql } = (await import("libsql")) as unknown as { default: new (path: string) => Connection };
    return library("libsql", (path, readOnly) => new Libsql(readOnly ? `${pathToFileURL(path).href}?mode=ro` : path));
  } catch (cause) {
    throw new AplomoError({
      operation: "open",
      subject: "SQLite databases",
      cause,
      hint: "Use Node 22.13 or later, which has SQLite built in, or install the package beside Aplomo: npm install libsql.",
    });
  }
}

function nodesOwn(): Open | undefined {
  // Loading it warns that it is experimental: that belongs neither into a report nor into JSON Lines.
  const { emitWarning } = process as unknown as { emitWarning: (this: void) => void };
  process.emitWarning = () => {};
  try {
    const own = process as unknown as { getBuiltinModule?(id: string): unknown };
    const found = own.getBuiltinModule?.("node:sqlite") as { DatabaseSync: new (path: string, options?: object) => Connection } | undefined;
    // Before 22.13 it lacks iterate.
    if (!found || !("iterate" in new found.DatabaseSync(":memory:").prepare("SELECT 1"))) return undefined;
    return (path, readOnly) => new found.DatabaseSync(path, { readOnly });
  } finally {
    process.emitWarning = emitWarning;
  }
}

function library(name: string, open: Open): Library {
  function writer(path: string): Connection {
    const connection = open(path, false);
    connection.exec(`PRAGMA busy_timeout = ${patience}`);
    return connection;
  }
  const write = (path: string, sql: string): void => {
    const connection = writer(path);
    try {
      connection.exec(sql);
    } finally {
      connection.close();
    }
  };
  return {
    name,
    write,
    read(path) {
      if (path === null) return reader(open(":memory:", false));
      try {
        return reader(open(path, true));
      } catch (error) {
        // A program that was killed within a transaction left it to be undone, for which one must be able to write.
        if (!/readonly|read-only|unable to open/i.test(reason(error))) throw error;
        write(path, "BEGIN IMMEDIATE; ROLLBACK");
        return reader(open(path, true));
      }
    },
    hold(path, work) {
      const connection = writer(path);
      try {
        connection.exec("BEGIN IMMEDIATE");
        return work();
      } finally {
        connection.close();
      }
    },
  };
}

function reader(connection: Connection): SqliteFile {
  const file: SqliteFile = {
    exec: (sql) => void connection.exec(sql),
    all: <T>(sql: string) => connection.prepare(sql).all() as T[],
    iterate: <T>(sql: string) => connection.prepare(sql).iterate() as Iterable<T>,
    close() {
      // Its lock would live as long as its statements.
      try {
        connection.exec("ROLLBACK");
      } catch {
        // There was no transaction.
      }
      connection.close();
    },
  };
  try {
    file.exec(`PRAGMA busy_timeout = ${patience}`);
    file.all("SELECT 1 FROM sqlite_schema LIMIT 1");
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}
