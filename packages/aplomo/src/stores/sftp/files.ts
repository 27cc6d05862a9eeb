import type { FileHandle } from "node:fs/promises";
import type { Progress } from "../contract.ts";
import { StatusError } from "./errors.ts";
import type { Session } from "./session.ts";
import { attributes, flags, kinds, status, type Attributes } from "./wire.ts";

/** Bytes in a request; every server takes that many. */
const piece = 32 * 1024;
/** Requests under way at once: what a line of 80 Mbit/s holds at 100 ms. */
const depth = 32;

/** What was under way when it was cut, and as much that is sent again to be sure. */
export const resends = 2 * piece * depth;

/** Undefined when there is no such file. */
export async function lookAt(session: Session, path: string): Promise<Attributes | undefined> {
  try {
    return (await session.ask(path, kinds.attributes, kinds.stat, path)).attributes();
  } catch (error) {
    if (error instanceof StatusError && error.code === status.missing) return undefined;
    throw error;
  }
}

export async function remove(session: Session, path: string): Promise<void> {
  try {
    await session.ask(path, kinds.status, kinds.remove, path);
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== status.missing) throw error;
  }
}

/** Replaces what has the name, in one act where the server can. */
export async function rename(session: Session, from: string, to: string): Promise<void> {
  if (session.extensions.has("posix-rename@openssh.com")) {
    await session.ask(to, kinds.status, kinds.extended, "posix-rename@openssh.com", from, to);
    return;
  }
  // The plain rename refuses a name that is taken. Between the two acts the name is free: never half a file.
  await remove(session, to);
  await session.ask(to, kinds.status, kinds.rename, from, to);
}

/** Makes a folder and those above it. */
export async function makeFolder(session: Session, path: string): Promise<void> {
  if (path === "" || path === "." || path === "/" || (await lookAt(session, path)) !== undefined) return;
  await makeFolder(session, path.slice(0, Math.max(path.lastIndexOf("/"), path.startsWith("/") ? 1 : 0)));
  try {
    await session.ask(path, kinds.status, kinds.mkdir, path, attributes(0o700));
  } catch (error) {
    // Another process may have made it meanwhile.
    if ((await lookAt(session, path)) === undefined) throw error;
  }
}

/** Every name in a folder but `.` and `..`; none when there is no folder. */
export async function listFolder(session: Session, path: string): Promise<{ name: string; attributes: Attributes }[]> {
  const found: { name: string; attributes: Attributes }[] = [];
  try {
    await withHandle(session, path, [kinds.opendir, path], async (handle) => {
      for (;;) {
        const fields = await session.ask(path, kinds.name, kinds.readdir, handle);
        for (let count = fields.number(); count > 0; count -= 1) {
          const name = fields.text();
          fields.text();
          const its = fields.attributes();
          if (name !== "." && name !== "..") found.push({ name, attributes: its });
        }
      }
    });
  } catch (error) {
    const over = error instanceof StatusError && (error.code === status.end || error.code === status.missing);
    if (!over) throw error;
  }
  return found;
}

/**
 * Sends what of the file is not there yet, flushes it where the server can, and tells how much was there. The end of what is there is
 * sent again: a server that was cut off while it wrote several pieces at once may have left out one of them.
 */
export async function write(session: Session, source: FileHandle, path: string, bytes: number, progress?: Progress): Promise<number> {
  return withHandle(session, path, [kinds.open, path, flags.write | flags.create, attributes(0o600)], async (handle) => {
    const there = (await session.ask(path, kinds.attributes, kinds.fstat, handle)).attributes().bytes;
    const resumed = Math.max(0, Math.min(there, bytes) - depth * piece);
    let done = resumed;
    const send = async ({ at, data }: { at: number; data: Buffer }): Promise<number> => {
      await session.ask(path, kinds.status, kinds.write, handle, BigInt(at), data);
      return data.length;
    };
    for await (const length of inOrder(readPieces(source, resumed, bytes), send)) progress?.((done += length));
    if (session.extensions.has("fsync@openssh.com")) await session.ask(path, kinds.status, kinds.extended, "fsync@openssh.com", handle);
    return resumed;
  });
}

/** Read one after the other, so that they are sent in order, into a buffer for each request under way: what is answered has been sent. */
async function* readPieces(source: FileHandle, from: number, to: number): AsyncGenerator<{ at: number; data: Buffer }> {
  const buffers: Buffer[] = Array.from({ length: depth }, () => Buffer.allocUnsafe(piece));
  for (const { at, length } of pieces(from, to)) {
    const buffer = buffers.shift() as Buffer;
    buffers.push(buffer);
    const { bytesRead } = await source.read(buffer, 0, length, at);
    yield { at, data: buffer.subarray(0, bytesRead) };
  }
}

export async function* read(session: Session, path: string, from: number): AsyncGenerator<Buffer> {
  const handle = (await session.ask(path, kinds.handle, kinds.open, path, flags.read, attributes())).bytes();
  try {
    const { bytes } = (await session.ask(path, kinds.attributes, kinds.fstat, handle)).attributes();
    yield* inOrder(pieces(from, bytes), ({ at, length }) => readPiece(session, path, handle, at, length));
  } finally {
    await session.ask(path, kinds.status, kinds.close, handle).catch(() => {});
  }
}

/** A server may give fewer bytes than were asked for. */
async function readPiece(session: Session, path: string, handle: Buffer, at: number, length: number): Promise<Buffer> {
  const data = (await session.ask(path, kinds.data, kinds.read, handle, BigInt(at), length)).bytes();
  if (data.length >= length || data.length === 0) return data;
  return Buffer.concat([data, await readPiece(session, path, handle, at + data.length, length - data.length)]);
}

async function withHandle<T>(
  session: Session,
  path: string,
  open: [number, ...Parameters<Session["ask"]>[3][]],
  work: (handle: Buffer) => Promise<T>,
): Promise<T> {
  const [kind, ...fields] = open;
  const handle: Buffer = Buffer.from((await session.ask(path, kinds.handle, kind, ...fields)).bytes());
  try {
    return await work(handle);
  } finally {
    await session.ask(path, kinds.status, kinds.close, handle).catch(() => {});
  }
}

interface Piece {
  at: number;
  length: number;
}

function* pieces(from: number, to: number): Generator<Piece> {
  for (let at = from; at < to; at += piece) yield { at, length: Math.min(piece, to - at) };
}

/** Fewer than `depth` at once; the results in order. */
async function* inOrder<T, R>(items: Iterable<T> | AsyncIterable<T>, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const under: Promise<R>[] = [];
  for await (const item of items) {
    const one = work(item);
    // A failure is met when its turn comes.
    one.catch(() => {});
    under.push(one);
    if (under.length === depth) yield await (under.shift() as Promise<R>);
  }
  for (const one of under) yield await one;
}
