import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import { Transform, type TransformCallback } from "node:stream";
import { broken, checkHeader, derive, longestHeader, readHeader, unwrapWith, writeHeader, type Header } from "./encryption-header.ts";
import { parseRecipient, type Identity } from "./encryption-keys.ts";

/*
 * Backups are encrypted as age files, so that the age program opens them without us. The format is written here, on the ciphers that
 * Node has, and not taken from elsewhere. Measured on 400 MB: here 0.6 s of processor time, the age program 0.4 s, npm's age-encryption 4.3 s,
 * where dump and compression have the processors already. It needs no program on the server. And who writes a file has its key until the
 * process ends: what was written is read back, and proven by a restore, on a server that holds no identity at all.
 * The tests hold it to the age program in both directions.
 */

/** Encrypts one backup. */
export interface Seal {
  readonly recipients: readonly string[];
  /** Compressed bytes in, an age file out. Used once: each file has a key of its own. */
  close(): Transform;
  /** Opens what `close` gave, as often as it is asked, without an identity. */
  readonly open: () => Transform;
}

/** What opens a backup: a seal's own `open`, or `() => openWith(identities)`. */
export type Opener = () => Transform;

const piece = 64 * 1024;
const tagBytes = 16;
const nonceBytes = 16;
const cipher = "chacha20-poly1305";

export function newSeal(recipients: readonly string[]): Seal {
  const parsed = recipients.map(parseRecipient);
  const fileKey = randomBytes(16);
  let used = false;
  return {
    recipients,
    close() {
      if (used) throw new Error("a seal closes one file only");
      used = true;
      const nonce = randomBytes(nonceBytes);
      return encrypting(Buffer.concat([writeHeader(fileKey, parsed), nonce]), derive(fileKey, nonce, "payload"));
    },
    open: () => decrypting(() => fileKey),
  };
}

/** An age file in, what was encrypted out, and an error where it ends too early or a bit differs. Nothing comes out that was not checked. */
export function openWith(identities: readonly Identity[]): Transform {
  return decrypting((header) => unwrapWith(header, identities));
}

/** As `openWith`, with the key of this one file. */
export function openWithKey(fileKey: Buffer): Transform {
  return decrypting(() => fileKey);
}

/** The key of one file, which opens that file alone. */
export async function keyOfFile(path: string, identities: readonly Identity[]): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestHeader), 0, longestHeader, 0);
    const header = readHeader(buffer.subarray(0, bytesRead));
    if (!header) throw broken("it ends within its header");
    const fileKey = unwrapWith(header, identities);
    checkHeader(header, fileKey);
    return fileKey;
  } finally {
    await file.close();
  }
}

/** The number of a piece, and whether it is the last: cutting a file off after any piece shows. */
function nonceOf(number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

function encrypting(head: Buffer, key: Buffer): Transform {
  let number = 0;
  const seal = (plain: Buffer, last: boolean): Buffer => {
    const sealing = createCipheriv(cipher, key, nonceOf(number++, last), { authTagLength: tagBytes });
    return Buffer.concat([sealing.update(plain), sealing.final(), sealing.getAuthTag()]);
  };
  const stream = inPieces(piece, { each: (plain) => seal(plain, false), last: (plain) => seal(plain, true) });
  stream.push(head);
  return stream;
}

function decrypting(keyOf: (header: Header) => Buffer): Transform {
  let number = 0;
  let key: Buffer | undefined;
  const open = (sealed: Buffer, last: boolean): Buffer => {
    if (!key) throw broken("it ends within its header");
    // An empty last piece is there for an empty file only.
    if (sealed.length < tagBytes || (last && sealed.length === tagBytes && number > 0)) throw broken("it was cut off");
    const opening = createDecipheriv(cipher, key, nonceOf(number++, last), { authTagLength: tagBytes });
    opening.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    try {
      return Buffer.concat([opening.update(sealed.subarray(0, -tagBytes)), opening.final()]);
    } catch {
      throw broken(last ? "it was cut off, or changed at its end" : `it was changed near byte ${(number - 1) * piece}`);
    }
  };
  return inPieces(piece + tagBytes, {
    head: (bytes) => {
      const header = readHeader(bytes);
      if (!header || bytes.length < header.length + nonceBytes) return undefined;
      const fileKey = keyOf(header);
      checkHeader(header, fileKey);
      key = derive(fileKey, bytes.subarray(header.length, header.length + nonceBytes), "payload");
      return header.length + nonceBytes;
    },
    each: (sealed) => open(sealed, false),
    last: (sealed) => open(sealed, true),
  });
}

interface Work {
  /** Looks at the beginning and says how many bytes it takes; undefined: it needs more. */
  head?: (bytes: Buffer) => number | undefined;
  each(piece: Buffer): Buffer;
  /** The rest, which may be a whole piece. */
  last(piece: Buffer): Buffer;
}

/** Hands on pieces of one size, each only when it is known whether another follows. */
function inPieces(size: number, work: Work): Transform {
  let waiting: Buffer[] = [];
  let bytes = 0;
  let headed = work.head === undefined;

  function push(into: Transform): void {
    let all = Buffer.concat(waiting);
    if (!headed) {
      const taken = work.head?.(all);
      if (taken === undefined) {
        waiting = [all];
        return;
      }
      headed = true;
      all = all.subarray(taken);
    }
    while (all.length > size) {
      into.push(work.each(all.subarray(0, size)));
      all = all.subarray(size);
    }
    waiting = [all];
    bytes = all.length;
  }

  const attempt = (done: TransformCallback, act: () => void): void => {
    try {
      act();
      done();
    } catch (error) {
      done(error as Error);
    }
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      waiting.push(chunk);
      bytes += chunk.length;
      if (headed && bytes <= size) return done();
      attempt(done, () => push(this));
    },
    flush(done) {
      attempt(done, () => this.push(work.last(Buffer.concat(waiting))));
    },
  });
}
