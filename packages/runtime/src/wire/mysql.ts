import { converse } from "./conversation.ts";
import { answerChallenge, continueLogin } from "./mysql-auth.ts";
import { type Address, DatabaseError, type Row, type Session } from "./session.ts";
import { Stream } from "./stream.ts";

// MySQL's documentation, "Client/Server Protocol": capability flags, handshake version 10, text protocol.
const secureFlag = 0x800;
const flags = 0x1 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x80000; // long password, with database, 4.1, transactions, secure connection, plugin auth
const largest = 0xff_ff_ff;
const utf8mb4 = 45;

/** Connects and logs in. Rejects with a DatabaseError when the server says no, else with the connection's error. */
export async function connectMysql(address: Address): Promise<Session> {
  const stream = await Stream.open(address);
  const packets = new Packets(stream);
  return converse(
    stream,
    () => login(stream, packets, address),
    (sql) => {
      packets.send(Buffer.concat([Buffer.from([3]), Buffer.from(sql)]), 0);
      return readResult(packets);
    },
  );
}

/** Length and sequence number before each packet. */
export class Packets {
  readonly #stream: Stream;
  #sequence = 0;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  send(body: Buffer, sequence: number = this.#sequence + 1): void {
    this.#sequence = sequence;
    const head = Buffer.alloc(4);
    head.writeUIntLE(body.length, 0, 3);
    head[3] = sequence & 0xff;
    this.#stream.write(Buffer.concat([head, body]));
  }

  /** The next packet; throws when it is an error. */
  async receive(): Promise<Buffer> {
    const head = await this.#stream.read(4);
    this.#sequence = head[3] ?? 0;
    const body = await this.#stream.read(head.readUIntLE(0, 3));
    if (body[0] === 0xff) throw new DatabaseError(String(body.readUInt16LE(1)), body.toString("utf8", 3).replace(/^#...../, ""));
    return body;
  }
}

async function login(stream: Stream, packets: Packets, address: Address): Promise<void> {
  const { capabilities, challenge, plugin } = readGreeting(await packets.receive());
  const secure = address.tls !== "off" && !address.path && (capabilities & secureFlag) !== 0;
  if (!secure && (address.tls === "must" || address.tls === "verify"))
    throw new DatabaseError("TLS", "the server does not offer TLS, and the URL asks for it");
  const head = Buffer.alloc(32);
  head.writeUInt32LE(secure ? flags | secureFlag : flags, 0);
  head.writeUInt32LE(largest, 4);
  head[8] = utf8mb4;
  if (secure) {
    packets.send(head);
    await stream.secure(address);
  }
  const answer = answerChallenge(plugin, address.password, challenge);
  const names = (...texts: string[]): Buffer => Buffer.from(texts.map((text) => `${text}\0`).join(""));
  packets.send(Buffer.concat([head, names(address.user), Buffer.from([answer.length]), answer, names(address.database, plugin)]));
  await continueLogin(packets, { password: address.password, plugin, challenge, secure: secure || address.path !== undefined });
}

function readGreeting(body: Buffer): { capabilities: number; challenge: Buffer; plugin: string } {
  const at = body.indexOf(0, 1) + 5; // after protocol, server version and thread id
  const capabilities = body.readUInt16LE(at + 9) | (body.readUInt16LE(at + 14) << 16);
  const challenge = Buffer.concat([body.subarray(at, at + 8), body.subarray(at + 27, at + 39)]);
  const name = at + 27 + Math.max(13, (body[at + 16] ?? 0) - 8);
  const end = body.indexOf(0, name);
  return { capabilities, challenge, plugin: body.toString("latin1", name, end < 0 ? body.length : end) };
}

async function readResult(packets: Packets): Promise<Row[]> {
  const first = await packets.receive();
  if (first[0] === 0) return [];
  while (!isEnd(await packets.receive())); // columns
  const rows: Row[] = [];
  for (let packet = await packets.receive(); !isEnd(packet); packet = await packets.receive()) rows.push(readRow(packet));
  return rows;
}

function isEnd(packet: Buffer): boolean {
  return packet[0] === 0xfe && packet.length < 9;
}

function readRow(packet: Buffer): Row {
  const row: Row = [];
  let at = 0;
  while (at < packet.length) {
    const first = packet[at] ?? 0;
    at += 1;
    if (first === 0xfb) {
      row.push(null);
      continue;
    }
    const wide = first < 0xfb ? 0 : first === 0xfc ? 2 : first === 0xfd ? 3 : 6;
    const length = wide === 0 ? first : packet.readUIntLE(at, wide);
    if (wide > 0) at += wide === 6 ? 8 : wide;
    row.push(packet.toString("utf8", at, at + length));
    at += length;
  }
  return row;
}
