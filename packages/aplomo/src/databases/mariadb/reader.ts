import type { DumpContent, DumpReader, Sequences } from "../contract.ts";
import { parseIdentifier } from "./quote.ts";

const [newline, quote, double, backslash, open, close, semicolon] = [10, 39, 34, 92, 40, 41, 59];
/** A statement's head longer than this is none of the dump tool's. */
const longest = 1024 * 1024;

/**
 * Counts the rows of a dump. Rows stand in INSERT statements between `LOCK TABLES` and `UNLOCK TABLES`; in those each byte is looked
 * at, for brackets outside of texts are all that separates rows. Everything else is read by lines.
 */
export class InsertReader implements DumpReader {
  #counts = new Map<string, number>();
  #sequences: Sequences = {};
  /** A line that goes on in the next chunk, as latin1: a character cut by a chunk's end does no harm. */
  #rest = "";
  /** A statement that goes on over several lines, for a name may hold a line end. */
  #statement = "";
  /** The table whose definition passes, whose data section it is. */
  #creating: string | undefined;
  #section: string | undefined;
  /** Bodies of triggers and routines may hold anything. */
  #foreign = false;
  #complete = false;
  /** Inside the values of an INSERT. */
  #values = false;
  #rows = 0;
  #depth = 0;
  /** The quote a text was opened with; 0 outside. */
  #text = 0;
  #escaped = false;

  write(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) at = this.#values ? this.#inValues(chunk, at) : this.#outside(chunk, at);
  }

  end(): DumpContent {
    if (!this.#values && this.#rest) this.#line(this.#rest);
    const counts = Object.fromEntries(this.#counts);
    const sequences = this.#sequences;
    if (this.#values) return { complete: `the dump ends within the rows of ${this.#section}`, counts, sequences };
    return { complete: this.#complete || 'its last line, "-- Dump completed", is missing', counts, sequences };
  }

  #inValues(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (this.#text !== 0) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        // A doubled quote closes a text and opens the next one, which comes to the same.
        else if (byte === this.#text) this.#text = 0;
      } else if (byte === quote || byte === double) this.#text = byte;
      else if (byte === open) this.#depth += 1;
      else if (byte === close) {
        this.#depth -= 1;
        if (this.#depth === 0) this.#rows += 1;
      } else if (byte === semicolon && this.#depth === 0) {
        const table = this.#section ?? "";
        this.#counts.set(table, (this.#counts.get(table) ?? 0) + this.#rows);
        this.#values = false;
        return at + 1;
      }
    }
    return chunk.length;
  }

  #outside(chunk: Buffer, from: number): number {
    const end = chunk.indexOf(newline, from);
    // An INSERT of one line may be as long as the server allows: it is seen by its beginning.
    const limit = Math.min(end === -1 ? chunk.length : end, from + longest);
    const text = chunk.toString("latin1", from, limit);
    const before = this.#statement ? `${this.#statement}\n${this.#rest}` : this.#rest;
    const head = this.#section !== undefined && insertHead(before + text);
    if (head) {
      this.#rest = this.#statement = "";
      [this.#values, this.#rows, this.#depth, this.#text, this.#escaped] = [true, 0, 0, 0, false];
      return from + head - before.length;
    }
    this.#rest += text;
    if (end === -1 || limit < end) return limit;
    const line = this.#rest;
    this.#rest = "";
    this.#line(line);
    return end + 1;
  }

  #line(line: string): void {
    if (line.startsWith("-- Dump completed")) this.#complete = true;
    else if (line !== "") this.#complete = false;
    if (line.startsWith("DELIMITER ")) this.#foreign = line !== "DELIMITER ;";
    if (this.#foreign) return;
    if (this.#statement) this.#statement += `\n${line}`;
    else if (/^(?:LOCK TABLES|CREATE TABLE|CREATE SEQUENCE|INSERT INTO|(?:DO|SELECT) SETVAL\() ?/.test(line)) this.#statement = line;
    else if (line.startsWith(") ") && this.#creating !== undefined) this.#counter(line);
    else if (/^(?:UNLOCK TABLES|--)/.test(line)) this.#section = this.#creating = undefined;
    if (this.#statement) this.#read();
  }

  #read(): void {
    const name = /^(?:LOCK TABLES|CREATE TABLE(?: IF NOT EXISTS)?|CREATE SEQUENCE|(?:DO|SELECT) SETVAL\() ?(?=`)/.exec(this.#statement);
    const found = name && parseIdentifier(Buffer.from(this.#statement.slice(name[0].length), "latin1").toString());
    // The rest of an INSERT's head comes with the next line; it is `#outside` that knows it.
    if (!found && this.#statement.length < longest && (name || this.#statement.startsWith("INSERT"))) return;
    const statement = Buffer.from(this.#statement, "latin1").toString();
    this.#statement = "";
    if (!name || !found) return;
    if (statement.startsWith("LOCK")) {
      this.#section = found.name;
      if (!this.#counts.has(found.name)) this.#counts.set(found.name, 0);
    } else if (statement.startsWith("CREATE TABLE")) this.#creating = found.name;
    else if (statement.includes("SETVAL(")) {
      const value = /^\s*,\s*(-?\d+)\s*,/.exec(statement.slice(name[0].length + found.length))?.[1];
      if (value !== undefined) this.#sequences[found.name] = value;
    }
  }

  /** `) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=...` */
  #counter(line: string): void {
    const value = / AUTO_INCREMENT=(\d+)/.exec(line.replace(/ COMMENT='.*/, ""))?.[1];
    if (value !== undefined && value !== "1") this.#sequences[this.#creating ?? ""] = value;
    this.#creating = undefined;
  }
}

/** Where the values of an INSERT begin, when this is the start of one. */
function insertHead(text: string): number | undefined {
  if (!text.startsWith("INSERT ")) return undefined;
  const match = /^INSERT (?:IGNORE )?INTO `(?:[^`]|``)*`\s*(?:\((?:`(?:[^`]|``)*`|[\s,])*\)\s*)?VALUES\s/.exec(`${text}\n`);
  return match ? Math.min(match[0].length, text.length) : undefined;
}
