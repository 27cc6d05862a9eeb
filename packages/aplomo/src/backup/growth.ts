import { open } from "node:fs/promises";
import { Readable } from "node:stream";

const chunk = 256 * 1024;

/** A file that somebody is writing, for who reads it meanwhile: the reader is never ahead, and ends or fails as the writer does. */
export class Growth {
  #bytes = 0;
  #end: { error?: unknown } | undefined;
  #wake = (): void => {};

  /** So many more bytes are in the file. */
  add(bytes: number): void {
    this.#bytes += bytes;
    this.#wake();
  }

  /** Nothing more comes; with an error, what came is no whole file. */
  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#wake();
  }

  /** For one reader. */
  follow(path: string): Readable {
    return Readable.from(this.#read(path), { objectMode: false, highWaterMark: chunk });
  }

  async *#read(path: string): AsyncGenerator<Buffer> {
    await this.#reach(1);
    if (this.#bytes === 0) return;
    const file = await open(path, "r");
    try {
      for (let position = 0; ;) {
        await this.#reach(position + 1);
        if (position >= this.#bytes) return;
        const buffer = Buffer.allocUnsafe(Math.min(chunk, this.#bytes - position));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
        if (bytesRead === 0) throw new Error(`${path} has less bytes than were written to it`);
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  async #reach(bytes: number): Promise<void> {
    while (this.#bytes < bytes && !this.#end) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#end && "error" in this.#end) throw this.#end.error;
  }
}
