import { createHash } from "node:crypto";
import { AplomoError } from "../base/errors.ts";
import type { Command, Running } from "../host/run.ts";

/**
 * The contract of a database engine, for who implements one. `test/contract/database.suite.ts` holds it.
 *
 * A driver knows one database. It never prints, keeps no state between calls that a crash could lose, and throws
 * an `AplomoError` naming the database when the server says no. Every method may be called again after a crash half-way.
 * It never changes or drops anything but scratch databases (names from `scratchName`), and `swap` alone renames the live one.
 * What differs between engines is capability data; nobody asks for an engine's name.
 */
export interface Database {
  /** The name in aplomo.yml. */
  readonly name: string;
  readonly engine: string;
  readonly capabilities: DatabaseCapabilities;

  /** Reaches the server, finds its tools and refuses a wrong version with a hint. Called before anything is touched, and polled while it boots. */
  check(): Promise<DatabaseFacts>;

  /** Opens one consistent view from which both the dump and its counts come. The caller always closes it. */
  snapshot(wanted?: Wanted): Promise<Snapshot>;

  /** Rows of every user table, counted now. `scratch` names a scratch database instead of the live one. */
  counts(scratch?: string): Promise<Counts>;

  /** Numbers of tables, indexes, constraints, triggers, views, functions, sequences, by kind. */
  objects(scratch?: string): Promise<Counts>;

  /**
   * Sequences and the values they are at, as a dump would set them. Not part of any snapshot: engines move them outside of
   * transactions, so what is compared with a restored database is what stands in the dump (`DumpContent.sequences`).
   */
  sequences?(scratch?: string): Promise<Sequences>;

  /** The schema, part by part, in a canonical form that a dump and restore does not change. */
  schema(scratch?: string): Promise<Schema>;

  /** The columns of every user table, as far as they decide whether a program that knew other ones still reads and writes. */
  columns(scratch?: string): Promise<Columns>;

  /** `fingerprintOf(schema)`: equal exactly when tables, columns, types, defaults, indexes, constraints, views, triggers and functions are. */
  fingerprint(scratch?: string): Promise<string>;

  /**
   * A hash of each table's rows, whatever their physical order, that a dump and restore does not change: of what a dump cannot carry
   * (the last digits of some engines' floats) it sees as much as a dump does. Reads everything: for proofs, not for every run.
   */
  checksums(scratch?: string): Promise<Checksums>;

  /** The one number a query in the engine's language yields. A query that yields anything else is an error that shows it. */
  number(query: string, scratch?: string): Promise<number>;

  /**
   * Rows of small tables, each by the columns wanted of it, every value as text; null for a table that is not there, or has not all of
   * them. Where several schemas have it, that of the usual schema is read.
   */
  read(wanted: readonly WantedTable[], scratch?: string): Promise<(TextRow[] | null)[]>;

  /**
   * Runs the texts of SQL one after the other in one session, as whoever owns the database: in one transaction, or each statement by
   * itself. Nothing in them becomes a command of a client program. Ends at the first error.
   */
  apply(texts: readonly string[], options: ApplyOptions, scratch?: string): Promise<void>;

  /**
   * Notes from now on which strong locks others hold on tables, as far as the engine tells: those held so briefly that nobody sees them do
   * no harm. Throws nothing. Absent where there is only one lock, for everything.
   */
  watchLocks?(scratch?: string): LockWatch;

  /** Those whom a dump may name as owners, for `makeRoles` on a server that does not know them yet. Absent where a dump names nobody. */
  roles?(): Promise<string[]>;
  /** Makes those that are not there; without passwords. Only on a server of ours. */
  makeRoles?(roles: readonly string[]): Promise<void>;

  /** Creates an empty scratch database, or empties the one a crash left. */
  createScratch(scratch: string): Promise<void>;
  /** The program that reads a dump (decompressed) on its standard input and loads it; or the file to write it to. It fails on the first error. */
  loader(scratch: string): Promise<Channel>;
  /**
   * What turns a dump in the engine's own archive format into a plain one on its standard output, for who has none else: it reads
   * `custom` on its standard input, and `directory` by itself. Owners and grants are left out. Absent where there is no such format.
   */
  archiveReader?(format: "custom" | "directory", path: string): Promise<Command>;
  /** Drops a scratch database; nothing happens when it is gone. Throws on any other name. */
  dropScratch(scratch: string): Promise<void>;
  /** What a scratch or kept database is called on the server, or its file: for people. */
  place(scratch: string): Promise<string>;
  /** Scratch and kept databases that Aplomo made for this very database, for the sweep and for `restore --undo`. */
  listScratch(): Promise<string[]>;

  /**
   * A throw-away server of the same kind and version for proofs, where its binaries or its image are at hand: production's own is
   * spared, and a fresh server is seen to read the backup. `bytes` is what the database takes on the disk. Why not, when there is none.
   */
  aside?(bytes: number): Promise<Aside | string>;

  /**
   * The scratch database becomes the live one; the live one stays under the name `kept`, also one `scratchName` made. Connections
   * are ended meanwhile. After a crash at any point there is a live database that answers, and a second call finishes it; when it
   * is done already, nothing happens. The way back is `swap(kept, another)`.
   */
  swap(scratch: string, kept: string): Promise<void>;

  /** Where the data stands now, as JSON that `writtenSince` understands, also in another process. */
  mark(): Promise<Mark>;
  /**
   * Rows written, changed or removed by table since the mark; empty when nothing was. May count too much, never too little: a
   * changed row counts as two, one removed and one written. A change of the schema alone does not count.
   */
  writtenSince(mark: Mark): Promise<Counts>;
}

/** By table, called as in `Counts`, and by column. */
export type Columns = Record<string, Record<string, Column>>;

export interface Column {
  type: string;
  /** NULL may be written. */
  nullable: boolean;
  /** Who leaves it out of an INSERT gets a value: a default, a number, or what is computed. */
  filled: boolean;
}

/** A lock behind which others wait, or a change that goes on beside them, on a table called as in `Counts`. */
export interface Lock {
  table: string;
  /** In the engine's own words. */
  mode: string;
  /** The statement that ran when it was first seen, shortened. */
  statement: string;
  /** From the first look that saw it to the last. */
  ms: number;
  /** The engine changes the table in place: readers and writers wait at its beginning and its end alone. */
  online?: boolean;
}

export interface LockWatch {
  stop(): Promise<Lock[]>;
}

/** A table, and the columns wanted of it. */
export interface WantedTable {
  table: string;
  columns: readonly string[];
}
export type TextRow = Record<string, string | null>;

export interface ApplyOptions {
  transaction: boolean;
  /** Milliseconds a statement waits for a lock at most. */
  lockTimeout: number;
  /** Milliseconds after which it is ended. */
  limit: number;
}

/** What an engine can do, as data. */
export interface DatabaseCapabilities {
  /** It speaks SQL: `number` takes a query and `apply` statements. Else a query is a command of the engine's own, and `apply` refuses. */
  sql: boolean;
  /** A failed migration leaves nothing behind when its tool uses a transaction. */
  transactionalDdl: boolean;
  /** The application must be stopped while `swap` runs. */
  swapNeedsStop: boolean;
  /** File ending of a dump before compression: `sql`, `sqlite`, `archive`. */
  extension: string;
  /** Environment that makes the usual clients give up a lock after so many milliseconds. */
  lockTimeoutEnv: (ms: number) => Record<string, string>;
}

export interface DatabaseFacts {
  /** `PostgreSQL 15.18`. */
  server: string;
  /** `pg_dump 15.18 in container agenda-db-1`. */
  tool: string;
  /** Bytes on the server's disk. */
  bytes: number;
  /** Each statement happens as a whole or not at all, one that changes a schema too, also when the server crashes; left out: nobody can say. */
  atomicStatements?: boolean;
}

/** By table: `users`, with the schema in front where it is not the usual one (`audit.log`). A partitioned table counts once, as a whole. */
export type Counts = Record<string, number>;

/** By table, called as in `Counts`. */
export type Checksums = Record<string, string>;

/** By sequence (`public.tickets`; MariaDB: also `people` for the table's AUTO_INCREMENT): its state, as the dump sets it. Exact, hence text. */
export type Sequences = Record<string, string>;

/** Each part of a schema, by kind and name (`view: public.report`), with its definition. */
export type Schema = Record<string, string>;

/** Reads the plain bytes of a dump as they pass and tells what they hold. Knows the format only, reaches no server. */
export interface DumpReader {
  write(chunk: Buffer): void;
  /** Called once, after the last byte. */
  end(): DumpContent;
}

export interface DumpContent {
  /** The dump is whole: its end is where its format puts it. Otherwise why not. */
  complete: true | string;
  /** Rows by table as they stand in the dump; null when only a restore can tell. */
  counts: Counts | null;
  /** Sequences with the value they are set to; absent where the format does not show them. */
  sequences?: Sequences;
}

export type Mark = { [key: string]: string | number | Counts | Record<string, string> };

/**
 * A program to connect a stream to, or a file that is read or written. Whoever starts the program calls `started` at once, where
 * there is one: a dump whose engine exports no snapshot is led to the right moment while it starts. `message` gives what matters of its
 * messages; the rest may hold data, and must not be shown.
 */
export type Channel =
  | {
      kind: "program";
      command: Command;
      started?: ((running: Running) => void) | undefined;
      message?: ((said: string) => string) | undefined;
    }
  | { kind: "file"; path: string };

/** What a snapshot must be able to tell beyond the usual. */
export interface Wanted {
  /** `Snapshot.checksums` will be asked. */
  checksums?: boolean | undefined;
  /** Milliseconds for which tables that others have locked are waited for; default: the driver's. */
  patience?: number | undefined;
}

export interface Snapshot {
  /** What gives the plain dump on its standard output, or the file that holds it; a file is removed by `close`. */
  source: Channel;
  /** Snapshot id, for the manifest; null where the engine has none. */
  id: string | null;
  /** Rows of every user table in this very snapshot. */
  counts(): Promise<Counts>;
  /** `Database.checksums` of it; only where they were wanted when it was opened. */
  checksums(): Promise<Checksums>;
  objects(): Promise<Counts>;
  schema(): Promise<Schema>;
  /** Milliseconds for which writers were held up so that dump and counts see the same; null where nobody is, or it is not known yet. */
  stallMs?(): number | null;
  /** What was written while it was read, where an engine has no view of one moment and found none without writers. Empty or absent: nothing. */
  torn?(): string[];
  /** Whether the dump or a count failed only because somebody altered or emptied a table at the wrong moment: a new snapshot may succeed. */
  disturbed?(failure: unknown): boolean;
  /** Ends it; never throws, may be called twice. */
  close(): Promise<void>;
}

/** A throw-away server. */
export interface Aside {
  /** Over it: only its scratch databases are of use. */
  database: Database;
  /** `container aplomo-aside-...`, `/tmp/aplomo-aside-...`. */
  where: string;
  /** Bytes it takes on the disk now. */
  usedBytes(): Promise<number>;
  /** Ends it and removes all of it; never throws. */
  close(): Promise<void>;
}

const prefix = "aplomo_";
const longest = 48;

/**
 * A name for a scratch database; only such names are ever dropped. `purpose` and `id` are lower-case words. It need not be unique
 * beyond one database of one app: on the server the driver adds what tells them apart (`Database.place`).
 */
export function scratchName(purpose: string, id: string): string {
  const name = `${prefix}${purpose}_${id}`.toLowerCase().replace(/[^a-z0-9_]/g, "_");
  return name.length <= longest ? name : `${name.slice(0, longest - 9)}_${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
}

/** Whether a database was made by Aplomo. */
export function isScratch(name: string): boolean {
  return name.startsWith(prefix) && name.length <= longest && /^[a-z0-9_]+$/.test(name);
}

/** Throws unless Aplomo may create, fill, rename and drop a database of this name. */
export function refuseOthers(operation: string, name: string): void {
  if (isScratch(name)) return;
  throw new AplomoError({ operation, subject: name, cause: `only databases that Aplomo made (${prefix}...) are ever touched so` });
}
