import { AplomoError } from "../base/errors.ts";
import type { Counts, Mark } from "./contract.ts";

/**
 * An engine that does not say when a row was written marks where data stands with hashes: of every row where a table is small,
 * which makes what changed exact; else their sums in so many buckets, and each row of a bucket that differs counts as changed.
 */
export const small = 2_000;
export const buckets = 1_024;
/** The bits of a row's hash that a number holds exactly. */
export const hashRange = 2 ** 48;

export interface Short {
  kind: "rows" | "buckets";
  /** Hashes; or for each bucket how many rows it has and the sum of their hashes. */
  values: number[];
}

/** A mark over all tables. */
export function markOf(tables: Record<string, Short>): Mark {
  return { tables: Object.fromEntries(Object.entries(tables).map(([table, short]) => [table, encode(short)])) };
}

/** Rows that differ by table, `now` being asked in the kind that the mark has; it may give buckets all the same. */
export async function writtenSince(
  mark: Mark,
  tables: readonly string[],
  engine: string,
  now: (table: string, kind: Short["kind"]) => Short | Promise<Short>,
): Promise<Counts> {
  const before = mark["tables"];
  if (typeof before !== "object") {
    throw new AplomoError({ operation: "read", subject: `the mark of a ${engine} database`, cause: "it has not the form of one" });
  }
  const written: Counts = {};
  for (const table of new Set([...tables, ...Object.keys(before)])) {
    const then = decode((before as Record<string, string>)[table]);
    const found = tables.includes(table) ? await now(table, then.kind) : none;
    const exact = then.kind === "rows" && found.kind === "rows";
    const count = exact ? differing(then.values, found.values) : differingBuckets(inBuckets(then), inBuckets(found));
    if (count > 0) written[table] = count;
  }
  return written;
}

const none: Short = { kind: "rows", values: [] };
const inBuckets = ({ kind, values }: Short): number[] => (kind === "rows" ? toBuckets(values) : values);

/** Hashes of all rows as a mark keeps them. */
export function shorten(hashes: number[], kind?: Short["kind"]): Short {
  return hashes.length <= small && kind !== "buckets" ? { kind: "rows", values: hashes } : { kind: "buckets", values: toBuckets(hashes) };
}

/** A hash of all rows in whatever order: how many there are, and the sum of their hashes. */
export class Sum {
  #rows = 0;
  #sum = 0;

  add(hash: number): void {
    this.#rows += 1;
    this.#sum = (this.#sum + hash) % hashRange;
  }

  text(): string {
    return `${this.#rows}:${this.#sum.toString(16)}`;
  }
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
  if (text === undefined) return none;
  const [kind, encoded] = text.split(":");
  const bytes = new Uint8Array(Buffer.from(encoded ?? "", "base64"));
  return { kind: kind === "buckets" ? "buckets" : "rows", values: [...new Float64Array(bytes.buffer)] };
}
