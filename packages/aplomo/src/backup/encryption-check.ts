import { createHash, randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";
import { AplomoError, UsageError } from "../base/errors.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../host/files.ts";
import { newSeal, openWith } from "./encryption.ts";
import { parseRecipient, type Identity } from "./encryption-keys.ts";

/*
 * Whether somebody really holds the key is found out now, and not in the fire. For each recipient a small file is encrypted, as backups
 * are, that holds a code. Who can open it has the key: on any machine, with the age program alone, so that the key never comes near
 * this server; or here, with the identity. We keep the code's hash and the day it was told.
 */

/** Where one recipient stands. */
export interface KeyCheck {
  recipient: string;
  /** The file to open: `age -d -i KEY FILE`. */
  file: string;
  /** When somebody showed that they hold the key; null: nobody has yet. */
  confirmedAt: string | null;
}

/** What shows it: an identity, or the code from the file. */
export type KeyProof = { identities: readonly Identity[] } | { code: string };

interface Canary {
  recipient: string;
  codeHash: string;
  madeAt: string;
  confirmedAt: string | null;
}

interface State {
  format: "aplomo-key-check";
  version: 1;
  keys: Canary[];
}

/**
 * Makes the files of recipients that have none yet, takes a proof if there is one, and tells where each recipient stands. A proof that
 * fits none of them throws. Recipients that are not used any more keep their files: older backups need their keys.
 */
export async function checkKeys(directory: string, recipients: readonly string[], now: Date, proof?: KeyProof): Promise<KeyCheck[]> {
  for (const recipient of recipients) parseRecipient(recipient);
  const state = await load(directory);
  for (const recipient of recipients) await makeCanary(directory, state, recipient, now);
  if (proof) {
    for (const canary of await shown(directory, state, proof)) canary.confirmedAt = now.toISOString();
    await save(directory, state);
  }
  return recipients.map((recipient) => ({
    recipient,
    file: fileOf(directory, recipient),
    confirmedAt: state.keys.find((key) => key.recipient === recipient)?.confirmedAt ?? null,
  }));
}

async function shown(directory: string, { keys }: State, proof: KeyProof): Promise<Canary[]> {
  const found: Canary[] = [];
  for (const canary of keys) {
    const code = "code" in proof ? normal(proof.code) : await codeFrom(fileOf(directory, canary.recipient), canary, proof.identities);
    if (code !== undefined && hash(code) === canary.codeHash) found.push(canary);
  }
  if (found.length > 0) return found;
  const known = keys.map(({ recipient }) => recipient).join(", ") || "nobody";
  const given = "code" in proof ? "the code" : `the identity of ${proof.identities.map(({ recipient }) => recipient.text).join(", ")}`;
  throw new UsageError({
    operation: "open the backups with",
    subject: given,
    cause: `they are encrypted for ${known}`,
    hint: "Find the right key now, while the data are still there; or set backups.encrypt_to to a recipient whose key you hold.",
  });
}

/** Undefined when the identities are not this recipient's. */
async function codeFrom(file: string, { recipient }: Canary, identities: readonly Identity[]): Promise<string | undefined> {
  if (!identities.some((identity) => identity.recipient.text === recipient)) return undefined;
  try {
    const text = (await buffer(Readable.from([await readFile(file)]).pipe(openWith(identities)))).toString("utf8");
    return normal(/^Code: (.*)$/m.exec(text)?.[1] ?? "");
  } catch (cause) {
    throw new AplomoError({ operation: "open", subject: file, cause, hint: "Remove it: the next check makes it anew." });
  }
}

/** Makes the file of a recipient, unless it is there. The hash is on the disk first: a file whose code we do not know would look like a wrong key. */
async function makeCanary(directory: string, state: State, recipient: string, now: Date): Promise<void> {
  const file = fileOf(directory, recipient);
  const had = state.keys.find((key) => key.recipient === recipient);
  if (had && (await stat(file).catch(() => undefined))) return;
  const code = newCode();
  const text = [
    "Who reads this holds the key of the backups beside it.",
    `Code: ${code}`,
    `Tell Aplomo: aplomo check --key-code ${code}`,
    "",
  ].join("\n");
  const canary = { recipient, codeHash: hash(normal(code)), madeAt: now.toISOString(), confirmedAt: had?.confirmedAt ?? null };
  state.keys = [...state.keys.filter((key) => key !== had), canary];
  await makePrivateFolder(directory);
  await save(directory, state);
  await writeFileSafely(file, await buffer(Readable.from([Buffer.from(text)]).pipe(newSeal([recipient]).close())));
}

/** `4J7Q-ZK2M-T9XC-W3BH`: 80 bits, without letters that are taken for others. */
function newCode(): string {
  const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const letters = [...randomBytes(16)].map((byte) => alphabet[byte % alphabet.length]).join("");
  return letters.replace(/(.{4})(?=.)/g, "$1-");
}

function normal(code: string): string {
  return code.toUpperCase().replace(/[^0-9A-Z]/g, "");
}

function hash(code: string): string {
  return createHash("sha256").update(code).digest("hex");
}

function fileOf(directory: string, recipient: string): string {
  return join(directory, `key-check-${recipient.slice(-8)}.age`);
}

function stateFile(directory: string): string {
  return join(directory, "key-check.json");
}

async function load(directory: string): Promise<State> {
  const text = await readIfPresent(stateFile(directory));
  return text === undefined ? { format: "aplomo-key-check", version: 1, keys: [] } : (JSON.parse(text) as State);
}

async function save(directory: string, state: State): Promise<void> {
  await writeFileSafely(stateFile(directory), `${JSON.stringify(state, null, 2)}\n`);
}
