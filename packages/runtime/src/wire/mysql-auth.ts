import { constants, createHash, publicEncrypt } from "node:crypto";
import type { Packets } from "./mysql.ts";
import { xor } from "./scram.ts";
import { DatabaseError } from "./session.ts";

interface Login {
  password: string;
  plugin: string;
  challenge: Buffer;
  /** Nobody can listen: TLS or a unix socket. */
  secure: boolean;
}

/** The answer to the server's challenge, for the plugins of MySQL 5.7 to 9 and MariaDB; empty for an unknown one or no password. */
export function answerChallenge(plugin: string, password: string, challenge: Buffer): Buffer {
  if (password === "") return Buffer.alloc(0);
  if (plugin === "mysql_native_password") {
    const hashed = hash("sha1", password);
    return xor(hashed, hash("sha1", challenge, hash("sha1", hashed)));
  }
  if (plugin === "caching_sha2_password") {
    const hashed = hash("sha256", password);
    return xor(hashed, hash("sha256", hash("sha256", hashed), challenge));
  }
  return Buffer.alloc(0);
}

/** Goes on until the server says that we are in. */
export async function continueLogin(packets: Packets, login: Login): Promise<void> {
  let { plugin, challenge } = login;
  for (;;) {
    const packet = await packets.receive();
    if (packet[0] === 0) return;
    if (packet[0] === 0xfe) {
      const end = packet.indexOf(0, 1);
      plugin = packet.toString("latin1", 1, end);
      challenge = packet.subarray(end + 1, end + 21);
      packets.send(plugin === "mysql_clear_password" ? clear(login) : switched(plugin, login.password, challenge));
    } else if (packet[0] === 1 && packet[1] === 4) {
      // The server does not remember this password: it wants it whole, over TLS or encrypted with its key.
      if (login.secure) packets.send(clear(login));
      else packets.send(await encrypted(packets, login.password, challenge));
    } else if (packet[0] !== 1) throw unsupported(plugin);
  }
}

function switched(plugin: string, password: string, challenge: Buffer): Buffer {
  if (plugin !== "mysql_native_password" && plugin !== "caching_sha2_password") throw unsupported(plugin);
  return answerChallenge(plugin, password, challenge);
}

function clear({ password, secure, plugin }: Login): Buffer {
  if (!secure) throw unsupported(plugin);
  return Buffer.from(`${password}\0`);
}

async function encrypted(packets: Packets, password: string, challenge: Buffer): Promise<Buffer> {
  packets.send(Buffer.from([2]));
  const key = (await packets.receive()).toString("latin1", 1);
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING }, xor(Buffer.from(`${password}\0`), challenge));
}

function unsupported(plugin: string): DatabaseError {
  return new DatabaseError("AUTH", `the server wants a way to log in that is not supported here (${plugin})`);
}

function hash(algorithm: "sha1" | "sha256", ...parts: (string | Buffer)[]): Buffer {
  const sum = createHash(algorithm);
  for (const part of parts) sum.update(part);
  return sum.digest();
}
