import type { Counts, DumpContent, DumpReader } from "../contract.ts";

/*
 * The archive format of mongodump. Four bytes 6D E2 99 81; then blocks, each a BSON document that is its header, BSON documents that are
 * its body, and FF FF FF FF. The first block is the prelude: its header tells versions, its body one document for each collection
 * (`db`, `collection`, `type`, `metadata` as JSON). Each block after it has `db`, `collection` and `EOF` in its header and documents of
 * that collection as its body; with `EOF` true it has none, and says with `CRC` (CRC-64 ECMA of its documents) that no more will come.
 * Blocks of several collections are mixed.
 */
const magic = 0x8199e26d;
const terminator = 0xffffffff;
/** A document of 16 MiB and what a server adds to it. */
const longest = 17 * 1024 * 1024;

/** Reads such an archive as it passes; `seen` is given each document's bytes. */
export class ArchiveReader implements DumpReader {
  #rest: Buffer[] = [];
  #bytes = 0;
  #wanted = 4;
  #begun = false;
  #block: { collection: string | null } | undefined;
  #prelude = false;
  #counts: Counts = {};
  #open = new Set<string>();
  #wrong: string | undefined;
  #seen: (collection: string, document: Buffer) => void;

  constructor(seen: (collection: string, document: Buffer) => void = () => {}) {
    this.#seen = seen;
  }

  write(chunk: Buffer): void {
    this.#rest.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#wanted || this.#wrong !== undefined) return;
    const all = this.#rest.length === 1 ? chunk : Buffer.concat(this.#rest);
    const at = this.#take(all);
    const left = all.subarray(at);
    this.#rest = left.length > 0 ? [left] : [];
    this.#bytes = left.length;
  }

  /** Takes what is whole, and gives where the rest begins. */
  #take(all: Buffer): number {
    let at = 0;
    for (;;) {
      this.#wanted = 4;
      if (all.length - at < 4) return at;
      const first = all.readUInt32LE(at);
      if (!this.#begun) {
        this.#begun = true;
        if (first !== magic) this.#wrong = "it is no archive of mongodump";
        at += 4;
      } else if (first === terminator) {
        if (!this.#block) this.#wrong = "a block in it has no header";
        this.#block = undefined;
        this.#prelude = true;
        at += 4;
      } else if (first < 5 || first > longest) {
        this.#wrong = "it is damaged: something in it is neither a document nor the end of a block";
      } else {
        this.#wanted = first;
        if (all.length - at < first) return at;
        this.#document(all.subarray(at, at + first));
        at += first;
      }
      if (this.#wrong !== undefined) return all.length;
    }
  }

  #document(bytes: Buffer): void {
    if (!this.#prelude && this.#block) {
      const { collection, type } = flat(bytes);
      if (typeof collection !== "string") return;
      // A view has no documents, a time series has them elsewhere.
      if (type === "view" || type === "timeseries") return;
      this.#counts[collection] = 0;
      this.#open.add(collection);
    } else if (!this.#prelude) {
      this.#block = { collection: null };
    } else if (!this.#block) {
      const { collection, EOF: last } = flat(bytes);
      if (typeof collection !== "string") return void (this.#wrong = "it is damaged: a block in it is of no collection");
      this.#block = { collection };
      if (last === true) this.#open.delete(collection);
    } else {
      const collection = this.#block.collection ?? "";
      this.#counts[collection] = (this.#counts[collection] ?? 0) + 1;
      this.#seen(collection, bytes);
    }
  }

  end(): DumpContent {
    const [open] = this.#open;
    const cut = this.#wrong ?? (this.#block || this.#bytes > 0 || !this.#prelude ? "it ends within a block" : undefined);
    if (cut !== undefined) return { complete: cut, counts: null };
    if (open !== undefined) return { complete: `the end of collection ${open} is not in it`, counts: null };
    return { complete: true, counts: this.#counts };
  }
}

/** The texts and truths of a BSON document that has nothing within it; what else it has is passed over as far as its length is known. */
function flat(bytes: Buffer): Record<string, string | boolean> {
  const found: Record<string, string | boolean> = {};
  let at = 4;
  while (at < bytes.length - 1) {
    const type = bytes[at];
    const end = bytes.indexOf(0, at + 1);
    const name = bytes.toString("utf8", at + 1, end);
    at = end + 1;
    if (type === 0x02) {
      const length = bytes.readInt32LE(at);
      found[name] = bytes.toString("utf8", at + 4, at + 3 + length);
      at += 4 + length;
    } else if (type === 0x08) {
      found[name] = bytes[at] === 1;
      at += 1;
    } else if (type === 0x10) at += 4;
    else if (type === 0x12 || type === 0x01 || type === 0x09) at += 8;
    else return found;
  }
  return found;
}
