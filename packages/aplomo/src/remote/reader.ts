import type { Readable } from "node:stream";

/** Lines and counted bytes from one stream, in the order they come. Undefined once it has ended. */
export class Reader {
  readonly #parts: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#parts = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async line(): Promise<string | undefined> {
    let searched = 0;
    for (;;) {
      const end = this.#held.indexOf(10, searched);
      if (end >= 0) return this.#take(end + 1).toString("utf8", 0, end);
      searched = this.#held.length;
      if (!(await this.#more())) return undefined;
    }
  }

  /** So many bytes, in the parts they come in. */
  async *bytes(count: number): AsyncGenerator<Buffer> {
    let left = count;
    while (left > 0) {
      if (this.#held.length === 0 && !(await this.#more())) throw new Error("the stream ended early");
      const part = this.#take(Math.min(left, this.#held.length));
      left -= part.length;
      yield part;
    }
  }

  async #more(): Promise<boolean> {
    const next = await this.#parts.next().catch(() => ({ done: true, value: undefined }) as const);
    if (next.done === true) return false;
    this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
    return true;
  }

  #take(count: number): Buffer {
    const part = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return part;
  }
}
