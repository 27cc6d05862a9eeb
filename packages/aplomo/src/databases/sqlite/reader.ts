import type { DumpContent, DumpReader } from "../contract.ts";

const magic = "SQLite format 3\0";

/** Knows from a database file's header how long it must be. */
export class FileReader implements DumpReader {
  #header = Buffer.alloc(0);
  #bytes = 0;

  write(chunk: Buffer): void {
    if (this.#header.length < 100) this.#header = Buffer.concat([this.#header, chunk]).subarray(0, 100);
    this.#bytes += chunk.length;
  }

  end(): DumpContent {
    const header = this.#header;
    if (header.length < 100 || header.toString("latin1", 0, 16) !== magic) return { complete: "it is no SQLite file", counts: null };
    const size = header.readUInt16BE(16);
    const expected = (size === 1 ? 65_536 : size) * header.readUInt32BE(28);
    if (expected !== this.#bytes) return { complete: `the file has ${this.#bytes} of ${expected} bytes`, counts: null };
    return { complete: true, counts: null };
  }
}
