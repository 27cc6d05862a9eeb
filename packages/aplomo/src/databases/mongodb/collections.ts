import type { Db, Document } from "mongodb";
import { createHash } from "node:crypto";
import type { Checksums, Columns, Counts, Schema, TextRow, WantedTable } from "../contract.ts";
import { driver } from "./driver.ts";
import { Sum } from "../hashes.ts";

/** Collections of Aplomo's own: what makes a scratch database one, what a swap is at, what it has ready and what makes room. They are in no count and no dump. */
export const marker = "aplomo_scratch";
export const ledger = "aplomo_swap";
export const staged = "aplomo_new_";
export const retired = "aplomo_old_";

export interface Listed {
  name: string;
  /** `collection`, `view`, `timeseries`. */
  type: string;
  options: Document;
}

/** All that is in a database but what the server or Aplomo keeps there. A time series keeps its documents in `system.buckets.NAME`. */
export async function listAll(db: Db): Promise<Listed[]> {
  const found = (await db.listCollections({}, { nameOnly: false }).toArray()) as { name: string; type?: string; options?: Document }[];
  return found
    .map(({ name, type = "collection", options = {} }) => ({ name, type, options }))
    .filter(({ name }) => !name.startsWith("system.") || name.startsWith("system.buckets."))
    .filter(({ name }) => name !== marker && name !== ledger && !name.startsWith(staged) && !name.startsWith(retired))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Those that hold documents. */
export async function listNames(db: Db): Promise<string[]> {
  return (await listAll(db)).filter(({ type }) => type === "collection").map(({ name }) => name);
}

/** Documents of every collection, counted one by one: the number a server keeps may be wrong after a crash. */
export async function countDocuments(db: Db): Promise<Counts> {
  const counts: Counts = {};
  for (const name of await listNames(db)) counts[name] = await db.collection(name).countDocuments({});
  return counts;
}

/** A document's hash, 48 bits, of its bytes. */
export function hashOf(bytes: Uint8Array): number {
  return createHash("md5").update(bytes).digest().readUIntBE(0, 6);
}

async function* hashDocuments(db: Db, name: string): AsyncGenerator<number> {
  for await (const bytes of db.collection(name).find({}, { raw: true })) yield hashOf(bytes as unknown as Buffer);
}

export async function allHashes(db: Db, name: string): Promise<number[]> {
  const hashes: number[] = [];
  for await (const hash of hashDocuments(db, name)) hashes.push(hash);
  return hashes;
}

/** A hash of all of a collection's documents, in whatever order. */
export async function hashCollection(db: Db, name: string): Promise<string> {
  const sum = new Sum();
  for await (const hash of hashDocuments(db, name)) sum.add(hash);
  return sum.text();
}

export async function hashCollections(db: Db): Promise<Checksums> {
  const found: Checksums = {};
  for (const name of await listNames(db)) found[name] = await hashCollection(db, name);
  return found;
}

/** Collections with their options (a validator is one), indexes and views, each written in one way. */
export async function readSchema(db: Db): Promise<Schema> {
  const { EJSON } = (await driver()).BSON;
  const text = (value: Document): string => EJSON.stringify(sorted(value), { relaxed: false });
  const schema: Schema = {};
  for (const { name, type, options } of await listAll(db)) {
    // Made and named by the time series it belongs to.
    if (!name.startsWith("system.buckets.")) schema[`${type}: ${name}`] = text(options);
    if (type !== "collection") continue;
    for (const index of (await db.collection(name).listIndexes().toArray()) as Document[]) {
      const { v: _version, ns: _namespace, ...rest } = index;
      schema[`index: ${name}.${String(index["name"])}`] = text(rest);
    }
  }
  return schema;
}

/** Options come in any order; within one (a key, a pipeline) the order has a meaning. */
function sorted(value: Document): Document {
  const { uuid: _own, ...rest } = value;
  return Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A collection has no columns: a document's fields are its own. */
export async function readColumns(db: Db): Promise<Columns> {
  return Object.fromEntries((await listNames(db)).map((name) => [name, {}]));
}

/** Those of the wanted collections in which every field occurs; one without documents has any. */
export async function readDocuments(db: Db, wanted: readonly WantedTable[]): Promise<(TextRow[] | null)[]> {
  const names = await listNames(db);
  const found: (TextRow[] | null)[] = [];
  for (const { table, columns } of wanted) {
    const fields = Object.fromEntries(["_id", ...columns].map((column) => [column, 1]));
    const documents = names.includes(table)
      ? ((await db.collection(table).find({}, { projection: fields }).toArray()) as Document[])
      : null;
    const complete = documents !== null && columns.every((column) => documents.length === 0 || documents.some((one) => column in one));
    found.push(complete ? documents.map((one) => Object.fromEntries(columns.map((column) => [column, textOf(one[column])]))) : null);
  }
  return found;
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : JSON.stringify(value).replace(/^"(.*)"$/s, "$1");
}
