import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { DatabaseError } from "./session.ts";

/** The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding. */
export class Scram {
  readonly #password: string;
  readonly #nonce = randomBytes(18).toString("base64");
  #signature = "";

  constructor(password: string) {
    this.#password = password;
  }

  /** PostgreSQL takes the user from its own start message, so the name stays empty. */
  first(): string {
    return `n,,n=,r=${this.#nonce}`;
  }

  final(challenge: string): string {
    const { r: nonce = "", s: salt = "", i: rounds = "0" } = parse(challenge);
    if (!nonce.startsWith(this.#nonce)) throw new DatabaseError("AUTH", "the server's answer to the login belongs to another one");
    const salted = pbkdf2Sync(this.#password.normalize("NFKC"), Buffer.from(salt, "base64"), Number(rounds), 32, "sha256");
    const plain = `c=biws,r=${nonce}`;
    const said = `n=,r=${this.#nonce},${challenge},${plain}`;
    const clientKey = hmac(salted, "Client Key");
    const proof = xor(clientKey, hmac(createHash("sha256").update(clientKey).digest(), said));
    this.#signature = hmac(hmac(salted, "Server Key"), said).toString("base64");
    return `${plain},p=${proof.toString("base64")}`;
  }

  /** Throws when the server does not know the password either. */
  verify(final: string): void {
    if (parse(final).v !== this.#signature) throw new DatabaseError("AUTH", "the server could not prove that it knows the password");
  }
}

function parse(text: string): Record<string, string> {
  return Object.fromEntries(text.split(",").map((part) => [part.slice(0, 1), part.slice(2)]));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** Byte by byte; `key` is repeated when it is shorter. */
export function xor(data: Buffer, key: Buffer): Buffer {
  return Buffer.from(data.map((byte, i) => byte ^ (key[i % key.length] ?? 0)));
}
