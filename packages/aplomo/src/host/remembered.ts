import { readFileSync, statSync } from "node:fs";

const most = 1_000;

/**
 * Small files that are asked for often, read again only when they are others: one look at a file's date instead of four calls and its
 * parsing. What is given out is shared, so nobody may change it.
 */
export class Remembered<T> {
  readonly #parse: (text: string) => T;
  readonly #known = new Map<string, { print: string; value: T }>();

  constructor(parse: (text: string) => T) {
    this.#parse = parse;
  }

  /** Undefined when there is none. */
  get(path: string): T | undefined {
    const seen = statSync(path, { throwIfNoEntry: false });
    if (!seen) {
      this.#known.delete(path);
      return undefined;
    }
    // Whatever is replaced is another file, and what is appended to grows.
    const print = `${seen.ino} ${seen.mtimeMs} ${seen.size}`;
    const before = this.#known.get(path);
    if (before?.print === print) return before.value;
    const [oldest] = this.#known.keys();
    if (this.#known.size >= most && oldest !== undefined) this.#known.delete(oldest);
    const value = this.#parse(readFileSync(path, "utf8"));
    this.#known.set(path, { print, value });
    return value;
  }
}
