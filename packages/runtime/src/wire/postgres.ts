import { createHash } from "node:crypto";
import { converse } from "./conversation.ts";
import { Scram } from "./scram.ts";
import { type Address, DatabaseError, type Row, type Session } from "./session.ts";
import { Stream } from "./stream.ts";

// PostgreSQL's documentation, chapter "Frontend/Backend Protocol", version 3.0.
const protocol = 196_608;
const wantTls = 80_877_103;

/** Connects and logs in. Rejects with a DatabaseError when the server says no, else with the connection's error. */
export async function connectPostgres(address: Address): Promise<Session> {
  const stream = await Stream.open(address);
  const login = async (): Promise<void> => {
    await negotiateTls(stream, address);
    const settings = ["user", address.user, "database", address.database, "application_name", "aplomo-boot"];
    stream.write(framed(Buffer.concat([int32(protocol), Buffer.from(`${settings.join("\0")}\0\0`)])));
    await authenticate(stream, address);
    await untilReady(stream);
  };
  return converse(stream, login, (sql) => {
    stream.write(message("Q", Buffer.from(`${sql}\0`)));
    return untilReady(stream);
  });
}

async function negotiateTls(stream: Stream, address: Address): Promise<void> {
  if (address.tls === "off" || address.path) return;
  stream.write(framed(int32(wantTls)));
  const yes = (await stream.read(1)).toString() === "S";
  if (yes) await stream.secure(address);
  else if (address.tls !== "try") throw new DatabaseError("TLS", "the server does not offer TLS, and the URL asks for it");
}

async function authenticate(stream: Stream, { user, password }: Address): Promise<void> {
  const scram = new Scram(password);
  for (;;) {
    const { type, body } = await receive(stream);
    if (type === "E") throw readError(body);
    if (type !== "R") continue;
    const kind = body.readInt32BE(0);
    const data = body.subarray(4);
    if (kind === 0) return;
    if (kind === 3) stream.write(message("p", Buffer.from(`${password}\0`)));
    else if (kind === 5) stream.write(message("p", Buffer.from(`md5${md5(Buffer.concat([Buffer.from(md5(password + user)), data]))}\0`)));
    else if (kind === 10) stream.write(message("p", scramStart(scram.first())));
    else if (kind === 11) stream.write(message("p", Buffer.from(scram.final(data.toString()))));
    else if (kind === 12) scram.verify(data.toString());
    else throw new DatabaseError("AUTH", `the server wants a way to log in that is not supported here (${kind})`);
  }
}

function scramStart(first: string): Buffer {
  return Buffer.concat([Buffer.from("SCRAM-SHA-256\0"), int32(Buffer.byteLength(first)), Buffer.from(first)]);
}

/** Reads to the end of an answer: its rows, or the first error in it. */
async function untilReady(stream: Stream): Promise<Row[]> {
  const rows: Row[] = [];
  let error: DatabaseError | undefined;
  for (;;) {
    const { type, body } = await receive(stream).catch((broken: unknown) => {
      // After a fatal error the server hangs up: the error is the reason to tell.
      throw error ?? broken;
    });
    if (type === "D") rows.push(readRow(body));
    if (type === "E") error ??= readError(body);
    if (type !== "Z") continue;
    if (error) throw error;
    return rows;
  }
}

async function receive(stream: Stream): Promise<{ type: string; body: Buffer }> {
  const head = await stream.read(5);
  return { type: head.toString("latin1", 0, 1), body: await stream.read(head.readInt32BE(1) - 4) };
}

function readError(body: Buffer): DatabaseError {
  const fields = new Map(
    body
      .toString()
      .split("\0")
      .map((field) => [field[0], field.slice(1)]),
  );
  return new DatabaseError(fields.get("C") ?? "", fields.get("M") ?? "the server reported an error");
}

function readRow(body: Buffer): Row {
  const row: Row = [];
  let at = 2;
  for (let left = body.readInt16BE(0); left > 0; left -= 1) {
    const length = body.readInt32BE(at);
    at += 4;
    row.push(length < 0 ? null : body.toString("utf8", at, at + length));
    at += Math.max(0, length);
  }
  return row;
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), framed(body)]);
}

function framed(body: Buffer): Buffer {
  return Buffer.concat([int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function md5(data: string | Buffer): string {
  return createHash("md5").update(data).digest("hex");
}
