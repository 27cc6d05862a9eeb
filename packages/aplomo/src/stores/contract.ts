import type { Evidence } from "../base/events.ts";
import { AplomoError, type Failure } from "../base/errors.ts";

/**
 * The contract of a store, a place elsewhere for copies of backups, for who implements one. `test/contract/store.suite.ts` holds it.
 *
 * A driver knows one place and keeps no state of its own: what is under way it finds out by asking the place, so that another process
 * goes on after a SIGKILL. It never prints and never tries again by itself (`again.ts` does, for all of them); it throws a `StoreError`
 * whose `problem` says what kind of failure it was. Every method may be called again after a crash half-way, and by two processes at
 * once. What differs between places is capability data; nobody asks for a store's kind.
 *
 * Names are relative paths with `/` between folders (`checkName`); folders come into being by themselves.
 */
export interface Store {
  /** What reports and the ledger call it. */
  readonly name: string;
  readonly capabilities: StoreCapabilities;

  /** Reaches the place with its keys and tells what it is. Writes nothing. */
  check(): Promise<Evidence>;

  /**
   * Brings a local file there. When this returns the place has been read back, byte by byte, and holds `content` under `name`; a name
   * that held other content holds the new one. The name never shows part of a file. What an earlier call brought over before it
   * was cut off is not sent again. An empty file is refused.
   */
  put(file: string, name: string, content: Content, progress?: Progress): Promise<Put>;

  /** The bytes of a file from an offset on. Throws with problem `missing` when there is none. */
  read(name: string, from?: number): AsyncIterable<Buffer>;

  /** Undefined when there is none. What is under way is none. */
  stat(name: string): Promise<Entry | undefined>;

  /** The files of one folder, not those of folders in it; empty when there is no such folder. */
  list(folder: string): Promise<Entry[]>;

  /** Nothing happens when it is gone already. */
  remove(name: string): Promise<void>;

  /** Removes what uploads that were given up before this moment left below a folder, and says how many. It never touches what has a name. */
  sweep(folder: string, before: Date): Promise<number>;

  /** Ends connections; never throws, may be called twice, and the store may be used again afterwards. */
  close(): Promise<void>;
}

/** What a place can do, as data. */
export interface StoreCapabilities {
  /** A copy is read back before it gets its name. Where it is not, one that differs has the name until it was read, and then nothing has. */
  verifiesBeforeNaming: boolean;
  /** Bytes that may have to be sent again after a cut. */
  resends: number;
}

/** What a file must hold. */
export interface Content {
  /** Lower-case hexadecimal. */
  sha256: string;
  bytes: number;
}

export interface Put {
  /** Bytes that were there before this call. */
  resumed: number;
}

export interface Entry {
  /** The whole name, folders included. */
  name: string;
  bytes: number;
  modifiedAt: Date;
}

/** Told the number of bytes that are there now. */
export type Progress = (bytes: number) => void;

/**
 * Why a place did not do what it was asked. `unreachable` may pass by itself and is tried again; `refused`: keys, permissions,
 * names, settings; `full`: no space; `missing`: no such file; `mismatch`: what was read back is not what was sent.
 */
export type Problem = "unreachable" | "refused" | "full" | "missing" | "mismatch";

export class StoreError extends AplomoError {
  readonly problem: Problem;

  constructor(problem: Problem, failure: Failure) {
    super(failure);
    this.problem = problem;
  }
}

const longest = 200;

/** A name that every place can hold. Letters of any script, blanks, quotes and the like are fine. */
export function checkName(name: string): string {
  const parts = name.split("/");
  const wrong = parts.some((part) => part === "" || part === "." || part === ".." || Buffer.byteLength(part) > longest);
  // eslint-disable-next-line no-control-regex
  if (!wrong && !/[\u0000-\u001f\u007f\\]/.test(name) && !isPartial(name)) return name;
  throw new StoreError("refused", {
    operation: "use the name",
    subject: JSON.stringify(name),
    cause: `a name is a relative path of parts with at most ${longest} bytes each, without control characters and backslashes`,
  });
}

/** What a file is called until it is whole. It names its content: two who bring the same write the same bytes, and others never meet. */
export function partialName(name: string, content: Content): string {
  const folder = name.slice(0, name.lastIndexOf("/") + 1);
  return `${folder}.${name.slice(folder.length)}.${content.sha256.slice(0, 12)}.partial`;
}

export function isPartial(name: string): boolean {
  return /(?:^|\/)\.[^/]*\.[0-9a-f]{12}\.partial$/.test(name);
}
