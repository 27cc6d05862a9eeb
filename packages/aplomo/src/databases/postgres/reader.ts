import type { Counts, DumpContent, DumpReader, Sequences } from "../contract.ts";
import { parseQualified, tableKey } from "./quote.ts";
import { sequenceState } from "./tables.ts";

const newline = 10;
const backslash = 92;
const dot = 46;
/** A COPY header longer than this is none of pg_dump's. */
const longest = 1024 * 1024;

/**
 * Counts the rows of a plain pg_dump. Inside a COPY block every row is one line, for newlines are escaped there, so only line
 * ends are searched and the rest of a row is never looked at.
 */
export class CopyReader implements DumpReader {
  #counts = new Map<string, number>();
  #sequences: Sequences = {};
  /** Partition to parent, both as keys. */
  #parents = new Map<string, string>();
  /** The table whose rows pass now. */
  #table: string | undefined;
  #rows = 0;
  /** Bytes of a line that goes on in the next chunk. Inside a COPY block only its first three matter. */
  #rest = "";
  /** How many more lines may pass before `COPY` or `ATTACH`: it follows a comment of pg_dump's, so text in a function that looks alike does not count. */
  #expect = 0;
  /** A COPY or ALTER TABLE statement that goes on over several lines. */
  #statement = "";
  #complete = false;
  /** What newer versions put behind that: `\unrestrict` with the word that stood at the start. */
  #last: string | undefined;
  #ended = false;

  write(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      const end = chunk.indexOf(newline, at);
      if (this.#table === undefined) at = this.#outside(chunk, at, end);
      else at = this.#inside(chunk, at, end);
    }
  }

  end(): DumpContent {
    if (this.#rest) this.#line(this.#rest);
    const counts: Counts = {};
    const sequences = this.#sequences;
    for (const [table, rows] of this.#counts) {
      const root = this.#root(table);
      counts[root] = (counts[root] ?? 0) + rows;
    }
    if (this.#table !== undefined) return { complete: `the dump ends within the rows of ${this.#table}`, counts, sequences };
    const complete = this.#complete && (this.#last === undefined || this.#ended);
    return { complete: complete || 'its last line, "PostgreSQL database dump complete", is missing', counts, sequences };
  }

  #inside(chunk: Buffer, from: number, end: number): number {
    let at = from;
    let next = end;
    while (next !== -1) {
      if (this.#isEnd(chunk, at, next)) {
        this.#counts.set(this.#table ?? "", this.#rows);
        this.#table = undefined;
        this.#rest = "";
        return next + 1;
      }
      this.#rest = "";
      this.#rows += 1;
      at = next + 1;
      next = chunk.indexOf(newline, at);
    }
    if (this.#rest.length < 3) this.#rest += chunk.toString("latin1", at, Math.min(chunk.length, at + 3));
    return chunk.length;
  }

  /** The line is `\.` alone. */
  #isEnd(chunk: Buffer, at: number, end: number): boolean {
    if (this.#rest) return this.#rest.length < 3 && this.#rest + chunk.toString("latin1", at, Math.min(end, at + 3)) === "\\.";
    return end - at === 2 && chunk[at] === backslash && chunk[at + 1] === dot;
  }

  #outside(chunk: Buffer, at: number, end: number): number {
    const text = chunk.toString("latin1", at, end === -1 ? chunk.length : end);
    if (end === -1) {
      this.#rest += text;
      return chunk.length;
    }
    const line = this.#rest + text;
    this.#rest = "";
    this.#line(line);
    return end + 1;
  }

  #line(line: string): void {
    this.#expect -= 1;
    if (/^-- Data for Name: |^-- Name: .*; Type: (?:TABLE ATTACH|SEQUENCE SET); /.test(line)) this.#expect = 4;
    if (line === "-- PostgreSQL database dump complete") this.#complete = true;
    else if (line !== "" && line !== "--" && line !== this.#last) this.#complete = false;
    if (line.startsWith("\\restrict ")) this.#last = line.replace("restrict", "unrestrict");
    if (line === this.#last) this.#ended = true;
    if (this.#statement) this.#statement += `\n${line}`;
    else if (this.#expect > 0 && /^(?:COPY |ALTER TABLE ONLY |SELECT pg_catalog\.setval\()/.test(line)) this.#statement = line;
    // Before version 14 it had no comment of its own.
    else if (line.startsWith("ALTER TABLE ONLY ") && line.includes(" ATTACH PARTITION ")) this.#statement = line;
    if (this.#statement) this.#read();
  }

  #read(): void {
    // Read as latin1 so that a character cut by a chunk's end does no harm; names are put together again here.
    const text = Buffer.from(this.#statement, "latin1").toString();
    if (!text.endsWith(";") && text.length < longest) return;
    this.#statement = "";
    if (text.startsWith("SELECT ")) return this.#set(text);
    if (!text.startsWith("COPY ")) return this.#attach(text);
    const table = parseQualified(text.slice(5));
    this.#table = table ? tableKey(table.schema, table.name) : text;
    this.#rows = 0;
  }

  /** `SELECT pg_catalog.setval('public.tickets', 7, true);` */
  #set(text: string): void {
    const match = /^SELECT pg_catalog\.setval\('((?:[^']|'')*)', (-?\d+), (true|false)\);$/s.exec(text);
    const sequence = match && parseQualified((match[1] ?? "").replaceAll("''", "'"));
    if (sequence) this.#sequences[tableKey(sequence.schema, sequence.name)] = sequenceState(match[2] ?? "", match[3] === "true");
  }

  #attach(text: string): void {
    const [before, after] = text.slice("ALTER TABLE ONLY ".length).split(" ATTACH PARTITION ");
    const parent = parseQualified(before ?? "");
    const part = after === undefined ? undefined : parseQualified(after);
    if (parent && part) this.#parents.set(tableKey(part.schema, part.name), tableKey(parent.schema, parent.name));
  }

  #root(table: string): string {
    const parent = this.#parents.get(table);
    return parent === undefined ? table : this.#root(parent);
  }
}
