/*
 * SFTP version 3, as every server speaks it: packets of a length, a type, a number of the request, and its fields
 * (draft-ietf-secsh-filexfer-02, and OpenSSH's PROTOCOL for the extensions). Pure: bytes in, bytes out.
 */

export const kinds = {
  init: 1,
  version: 2,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  realpath: 16,
  stat: 17,
  rename: 18,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attributes: 105,
  extended: 200,
  extendedReply: 201,
} as const;

export const flags = { read: 1, write: 2, append: 4, create: 8, truncate: 16 } as const;
export const status = { ok: 0, end: 1, missing: 2, denied: 3, failure: 4, unsupported: 8 } as const;

export interface Attributes {
  bytes: number;
  mode: number;
  modifiedAt: Date;
}

/** No server sends more at once. */
const longest = 512 * 1024;

type Field = number | bigint | string | Buffer | { raw: Buffer };

/**
 * A packet, in pieces to be written one after the other: numbers take four bytes, bigints eight, texts and buffers stand behind their
 * length; `raw` stands as it is. Data are not copied.
 */
export function packet(kind: number, ...fields: Field[]): Buffer[] {
  const body = [Buffer.of(kind), ...fields.flatMap(encode)];
  return [number(body.reduce((total, { length }) => total + length, 0)), ...body];
}

function encode(field: Field): Buffer[] {
  if (typeof field === "number") return [number(field)];
  if (typeof field === "bigint") {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigUInt64BE(field);
    return [bytes];
  }
  if (typeof field === "object" && "raw" in field) return [field.raw];
  const bytes = typeof field === "string" ? Buffer.from(field) : field;
  return [number(bytes.length), bytes];
}

function number(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Attributes that set nothing but, if given, the permissions. */
export function attributes(mode?: number): { raw: Buffer } {
  return { raw: mode === undefined ? number(0) : Buffer.concat([number(4), number(mode)]) };
}

/** Reads the fields of a packet one after the other. */
export class Fields {
  #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length;
  }

  #take(count: number): Buffer {
    if (count > this.#bytes.length) throw new Error("the server sent a packet that is too short");
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  byte(): number {
    return this.#take(1).readUInt8();
  }

  number(): number {
    return this.#take(4).readUInt32BE();
  }

  long(): number {
    return Number(this.#take(8).readBigUInt64BE());
  }

  bytes(): Buffer {
    return this.#take(this.number());
  }

  text(): string {
    return this.bytes().toString("utf8");
  }

  attributes(): Attributes {
    const has = this.number();
    const bytes = has & 1 ? this.long() : 0;
    if (has & 2) this.#take(8);
    const mode = has & 4 ? this.number() : 0;
    const times = has & 8 ? this.#take(8) : Buffer.alloc(8);
    for (let more = has & 0x80000000 ? 2 * this.number() : 0; more > 0; more -= 1) this.bytes();
    return { bytes, mode, modifiedAt: new Date(times.readUInt32BE(4) * 1_000) };
  }
}

/** Cuts what arrives into packets, without their length. What arrived in one piece is not copied. */
export class Packets {
  #waiting: Buffer[] = [];
  #bytes = 0;
  /** Bytes of what comes next: a length, or the packet it announced. */
  #wanted = 4;
  #announced = false;

  add(chunk: Buffer): Buffer[] {
    const found: Buffer[] = [];
    let rest = chunk;
    while (this.#bytes + rest.length >= this.#wanted) {
      const end = this.#wanted - this.#bytes;
      const whole = this.#bytes === 0 ? rest.subarray(0, end) : Buffer.concat([...this.#waiting, rest.subarray(0, end)]);
      rest = rest.subarray(end);
      this.#waiting = [];
      this.#bytes = 0;
      this.#announced = !this.#announced;
      if (this.#announced) this.#wanted = lengthIn(whole);
      else {
        found.push(whole);
        this.#wanted = 4;
      }
    }
    this.#waiting.push(rest);
    this.#bytes += rest.length;
    return found;
  }
}

function lengthIn(bytes: Buffer): number {
  const length = bytes.readUInt32BE();
  // A login script that prints something comes first, where packets are due.
  if (length > 0 && length <= longest) return length;
  throw new Error("the server sent something that is not SFTP; does its login print a text?");
}
