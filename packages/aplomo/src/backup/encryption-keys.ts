import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from "node:crypto";
import { UsageError } from "../base/errors.ts";
import { Secret } from "../base/secret.ts";
import { decodeBech32, encodeBech32 } from "./encryption-bech32.ts";

const publicPrefix = "age";
const secretPrefix = "age-secret-key-";
/** An X25519 private key in PKCS 8 is these bytes and its 32. */
const pkcs8 = Buffer.from("302e020100300506032b656e04220420", "hex");

/** For whom a backup is encrypted: `age1...` and its 32 bytes. */
export interface Recipient {
  text: string;
  bytes: Buffer;
}

/** What opens it: an `AGE-SECRET-KEY-1...` and the recipient it belongs to. */
export interface Identity {
  key: KeyObject;
  recipient: Recipient;
}

export function parseRecipient(text: string): Recipient {
  const bytes = decodeBech32(publicPrefix, text);
  if (bytes?.length === 32) return { text, bytes };
  const secret = text.toLowerCase().startsWith(secretPrefix);
  throw new UsageError({
    operation: "encrypt for",
    subject: secret ? "a secret key" : JSON.stringify(text),
    cause: secret ? "that is the key that opens backups; it must not be on this server" : whyNot(text),
    hint: secret
      ? "Write the key that begins with age1 instead; it stands beside it as the public key. Make a new pair: this one was in a file."
      : "Write a recipient such as age-keygen or aplomo backup kit makes: age1 and 58 more characters.",
  });
}

function whyNot(text: string): string {
  if (text.startsWith("ssh-")) return "keys of ssh cannot be used, since age's own are what every age reads";
  if (/^age1(?:pq|tag|yubikey|[a-z]+1)/.test(text) && text.length !== 62)
    return "only age's own X25519 recipients can be used, no plug-ins";
  return text.startsWith("age1") ? "it is mistyped: its checksum does not fit" : "it is not an age recipient";
}

/** Every identity in the text of a key file; lines that begin with # are comments. */
export function parseIdentities(file: Secret): Identity[] {
  const lines = file
    .reveal()
    .split(/\r?\n/)
    .map((line) => line.trim());
  const found = lines.filter((line) => line !== "" && !line.startsWith("#")).map(parseIdentity);
  if (found.length > 0) return found;
  throw new UsageError({ operation: "read", subject: "the identity", cause: "there is no key in it", hint });
}

const hint = "Give the file with the line AGE-SECRET-KEY-1... of the recovery kit.";

function parseIdentity(line: string): Identity {
  const bytes = line === line.toUpperCase() ? decodeBech32(secretPrefix, line.toLowerCase()) : undefined;
  if (bytes?.length !== 32)
    throw new UsageError({ operation: "read", subject: "the identity", cause: "a line of it is no age key, or is mistyped", hint });
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, bytes]), format: "der", type: "pkcs8" });
  return { key, recipient: recipientOf(createPublicKey(key)) };
}

/** A new pair. The secret half is shown once and kept nowhere. */
export function newIdentity(): { identity: Secret; recipient: string } {
  const { privateKey, publicKey } = generateKeyPairSync("x25519");
  const bytes = privateKey.export({ format: "der", type: "pkcs8" }).subarray(pkcs8.length);
  return { identity: new Secret(encodeBech32(secretPrefix, bytes).toUpperCase()), recipient: recipientOf(publicKey).text };
}

function recipientOf(key: KeyObject): Recipient {
  const bytes = rawOf(key);
  return { text: encodeBech32(publicPrefix, bytes), bytes };
}

/** The 32 bytes of a public key. */
export function rawOf(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");
}

/** What two keys have in common; undefined for the few points that have nothing in common with any. */
export function sharedSecret(privateKey: KeyObject, publicBytes: Buffer): Buffer | undefined {
  try {
    const publicKey = createPublicKey({ key: { kty: "OKP", crv: "X25519", x: publicBytes.toString("base64url") }, format: "jwk" });
    const shared = diffieHellman({ privateKey, publicKey });
    return shared.every((byte) => byte === 0) ? undefined : shared;
  } catch {
    return undefined;
  }
}
