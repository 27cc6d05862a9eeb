import { createCipheriv, createDecipheriv, createHmac, generateKeyPairSync, hkdfSync, timingSafeEqual } from "node:crypto";
import { AplomoError } from "../base/errors.ts";
import { rawOf, sharedSecret, type Identity, type Recipient } from "./encryption-keys.ts";

/*
 * The header of an age file (age-encryption.org/v1): a line for each recipient, who can unwrap the file's key with theirs, and a code
 * over all of it. Text, so that `head -3` shows for how many a file was made.
 */

const version = "age-encryption.org/v1";
const label = "age-encryption.org/v1/X25519";
const columns = 64;
const cipher = "chacha20-poly1305";
const tagBytes = 16;
/** For keys that are used once. */
const zero = Buffer.alloc(12);
/** Of a header; more is none. */
export const longestHeader = 64 * 1024;

interface Stanza {
  type: string;
  args: string[];
  body: Buffer;
}

export interface Header {
  stanzas: Stanza[];
  /** What the code is over. */
  signed: string;
  mac: Buffer;
  /** Bytes of the file it takes. */
  length: number;
}

export function writeHeader(fileKey: Buffer, recipients: readonly Recipient[]): Buffer {
  const lines = recipients.flatMap((recipient) => {
    const { args, body } = wrap(fileKey, recipient);
    const text = encode(body);
    // The last line is always shorter than the others, and may be empty.
    return [
      `-> X25519 ${args.join(" ")}`,
      ...(text.match(new RegExp(`.{${columns}}`, "g")) ?? []),
      text.slice(text.length - (text.length % columns)),
    ];
  });
  const signed = [version, ...lines, "---"].join("\n");
  return Buffer.from(`${signed} ${encode(macOf(fileKey, signed))}\n`);
}

/** Undefined while there is not enough of it. */
export function readHeader(bytes: Buffer): Header | undefined {
  const text = bytes.subarray(0, longestHeader).toString("latin1");
  if (!text.startsWith(version.slice(0, text.length))) throw broken("it is not an age file");
  const end = /\n--- ([^\n]*)\n/.exec(text);
  if (!end) {
    if (bytes.length >= longestHeader) throw broken("its header does not end");
    return undefined;
  }
  const [first, ...lines] = text.slice(0, end.index).split("\n");
  if (first !== version) throw broken(`it is of another version: ${first}`);
  return {
    stanzas: stanzasOf(lines),
    signed: text.slice(0, end.index + "\n---".length),
    mac: decode(end[1] ?? ""),
    length: end.index + end[0].length,
  };
}

function stanzasOf(lines: string[]): Stanza[] {
  const found: Stanza[] = [];
  let open: { type: string; args: string[]; text: string } | undefined;
  for (const line of lines) {
    if (!open) {
      const [arrow, type = "", ...args] = line.split(" ");
      if (arrow !== "->" || type === "") throw broken("its header is damaged");
      open = { type, args, text: "" };
      continue;
    }
    open.text += line;
    if (line.length > columns) throw broken("its header is damaged");
    if (line.length === columns) continue;
    found.push({ type: open.type, args: open.args, body: decode(open.text) });
    open = undefined;
  }
  if (open || found.length === 0) throw broken("its header is damaged");
  return found;
}

/** The key of the file, from the first line that one of the identities opens. */
export function unwrapWith(header: Header, identities: readonly Identity[]): Buffer {
  const mine = header.stanzas.filter(({ type }) => type === "X25519");
  for (const stanza of mine)
    for (const identity of identities) {
      const fileKey = unwrap(stanza, identity);
      if (fileKey) return fileKey;
    }
  const others = [...new Set(header.stanzas.map(({ type }) => type).filter((type) => type !== "X25519"))];
  throw new AplomoError({
    operation: "open",
    subject: "the encrypted backup",
    cause: `it was not made for the key given (${identities.map(({ recipient }) => recipient.text).join(", ")})`,
    hint:
      mine.length === 0
        ? `It was made with ${others.join(", ")}: open it with the age program.`
        : "Give the identity of the recipient that its manifest names.",
  });
}

/** Throws unless the header is the one that was written with this key. */
export function checkHeader({ signed, mac }: Header, fileKey: Buffer): void {
  const wanted = macOf(fileKey, signed);
  if (mac.length !== wanted.length || !timingSafeEqual(mac, wanted)) throw broken("its header was changed");
}

function wrap(fileKey: Buffer, recipient: Recipient): Omit<Stanza, "type"> {
  const pair = generateKeyPairSync("x25519");
  const share = rawOf(pair.publicKey);
  const shared = sharedSecret(pair.privateKey, recipient.bytes);
  if (!shared) throw broken(`${recipient.text} is a key that nobody can have`);
  const sealing = createCipheriv(cipher, wrappingKey(shared, share, recipient), zero, { authTagLength: tagBytes });
  const body = Buffer.concat([sealing.update(fileKey), sealing.final(), sealing.getAuthTag()]);
  return { args: [encode(share)], body };
}

function unwrap({ args, body }: Stanza, { key, recipient }: Identity): Buffer | undefined {
  const share = decode(args[0] ?? "");
  if (args.length !== 1 || share.length !== 32 || body.length !== 16 + tagBytes) throw broken("its header is damaged");
  const shared = sharedSecret(key, share);
  if (!shared) return undefined;
  const opening = createDecipheriv(cipher, wrappingKey(shared, share, recipient), zero, { authTagLength: tagBytes });
  opening.setAuthTag(body.subarray(16));
  try {
    return Buffer.concat([opening.update(body.subarray(0, 16)), opening.final()]);
  } catch {
    return undefined;
  }
}

function wrappingKey(shared: Buffer, share: Buffer, recipient: Recipient): Buffer {
  return derive(shared, Buffer.concat([share, recipient.bytes]), label);
}

function macOf(fileKey: Buffer, signed: string): Buffer {
  return createHmac("sha256", derive(fileKey, Buffer.alloc(0), "header"))
    .update(signed, "latin1")
    .digest();
}

export function derive(key: Buffer, salt: Buffer, info: string): Buffer {
  return Buffer.from(hkdfSync("sha256", key, salt, info, 32));
}

function encode(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}

/** Only what `encode` would have written: anything else was changed. */
function decode(text: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (encode(bytes) !== text) throw broken("its header is damaged");
  return bytes;
}

export function broken(cause: string): AplomoError {
  const hint = "Take another copy of this backup, or another backup.";
  return new AplomoError({ operation: "open", subject: "the encrypted backup", cause, hint });
}
