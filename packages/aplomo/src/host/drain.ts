import { constants, open as openDescriptor } from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import type { Context } from "./context.ts";
import { newPipe, sweepPipes } from "./pipes.ts";

/** A pipe that ends here. */
export interface Drain {
  /** What a program writes to. Whoever started the program closes it at once: the program has its own. */
  writer: FileHandle;
  /** Resolves when nobody holds the writing end any more; rejects when the pipe breaks, or whoever takes the bytes throws. */
  ended: Promise<void>;
}

/** A pipe holds 64 KiB: it is empty after every read. */
const size = 128 * 1024;

/**
 * Makes a pipe whose bytes are given to `take`, in one buffer that is used again and again. Node makes a new one for every 64 KiB of what
 * its own pipes bring: to clear and collect those costs more than to look at what is in them. Undefined where no named pipe can be made.
 */
export async function openDrain(ctx: Context, take: (chunk: Buffer) => void): Promise<Drain | undefined> {
  await sweepPipes(tmpdir());
  const path = newPipe(tmpdir());
  const made = await ctx.host.attempt({ argv: ["mkfifo", "-m", "600", path], timeout: 30_000 }, ctx.signal);
  if (made.code !== 0) return undefined;
  // Who opens one end waits for the other, so the first one opens both.
  const both = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    // The socket made of it closes it; a handle would do that by itself, one day.
    const reader = await promisify(openDescriptor)(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = await open(path, constants.O_WRONLY);
    return { writer, ended: drained(reader, take) };
  } finally {
    await both.close();
    await rm(path, { force: true });
  }
}

function drained(reader: number, take: (chunk: Buffer) => void): Promise<void> {
  const buffer = Buffer.allocUnsafe(size);
  const socket = new Socket({ fd: reader, readable: true, writable: false, onread: { buffer, callback } } as object);
  function callback(bytes: number): boolean {
    try {
      take(buffer.subarray(0, bytes));
      return true;
    } catch (error) {
      socket.destroy(error as Error);
      return false;
    }
  }
  const ended = new Promise<void>((resolve, reject) => {
    socket.once("error", reject).once("close", () => resolve());
  });
  // Whoever reads learns of it when he waits for it.
  ended.catch(() => {});
  socket.resume();
  return ended;
}
