import { AplomoError } from "../../base/errors.ts";
import type { Counts, Mark } from "../contract.ts";
import type { SqliteFile } from "./open.ts";
import { hashRange, hashRows, listTables } from "./tables.ts";

/**
 * SQLite does not say when a row was written, so a mark holds hashes: of every row where a table is small, which makes what
 * changed exact; else their sums in so many buckets, and each row of a bucket that differs counts as changed.
 */
const small = 2_000;
const buckets = 1_024;

export function takeMark(file: SqliteFile): Mark {
  return { tables: Object.fromEntries(listTables(file).map((table) => [table, encode(shorten([...hashRows(file, table)]))])) };
}

export function readWritten(file: SqliteFile, mark: Mark): Counts {
  const before = mark["tables"];
  if (typeof before !== "object") {
    throw new AplomoError({ operation: "read", subject: "the mark of a SQLite database", cause: "it has not the form of one" });
  }
  const tables = listTables(file);
  const written: Counts = {};
  for (const table of new Set([...tables, ...Object.keys(before)])) {
    const then = decode((before as Record<string, string>)[table]);
    const now = tables.includes(table) ? [...hashRows(file, table)] : [];
    const count = then.kind === "rows" ? differing(then.values, now) : differingBuckets(then.values, toBuckets(now));
    if (count > 0) written[table] = count;
  }
  return written;
}

interface Short {
  kind: "rows" | "buckets";
  /** Hashes; or for each bucket how many rows it has and the sum of their hashes. */
  values: number[];
}

function shorten(hashes: number[]): Short {
  return hashes.length <= small ? { kind: "rows", values: hashes } : { kind: "buckets", values: toBuckets(hashes) };
}

function toBuckets(hashes: number[]): number[] {
  const values = Array.from({ length: 2 * buckets }, () => 0);
  for (const hash of hashes) {
    const at = 2 * (hash % buckets);
    values[at] = (values[at] ?? 0) + 1;
    values[at + 1] = ((values[at + 1] ?? 0) + hash) % hashRange;
  }
  return values;
}

/** How many stand in one list and not in the other, doubled ones counted. */
function differing(before: number[], after: number[]): number {
  const left = new Map<number, number>();
  for (const hash of before) left.set(hash, (left.get(hash) ?? 0) + 1);
  let fresh = 0;
  for (const hash of after) {
    const known = left.get(hash) ?? 0;
    if (known > 0) left.set(hash, known - 1);
    else fresh += 1;
  }
  return [...left.values()].reduce((sum, count) => sum + count, fresh);
}

function differingBuckets(before: number[], after: number[]): number {
  let count = 0;
  for (let at = 0; at < before.length; at += 2) {
    if (before[at] !== after[at] || before[at + 1] !== after[at + 1]) count += (before[at] ?? 0) + (after[at] ?? 0);
  }
  return count;
}

function encode({ kind, values }: Short): string {
  const bytes = Buffer.from(Float64Array.from(values).buffer);
  return `${kind}:${bytes.toString("base64")}`;
}

function decode(text: string | undefined): Short {
  if (text === undefined) return { kind: "rows", values: [] };
  const [kind, encoded] = text.split(":");
  const bytes = new Uint8Array(Buffer.from(encoded ?? "", "base64"));
  return { kind: kind === "buckets" ? "buckets" : "rows", values: [...new Float64Array(bytes.buffer)] };
}
