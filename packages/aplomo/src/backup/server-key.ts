import { mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Secret } from "../base/secret.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../host/files.ts";
import { keyOfFile, newSeal, openWith, openWithKey, type Opener, type Seal } from "./encryption.ts";
import { newIdentity, parseIdentities, parseRecipient, type Identity } from "./encryption-keys.ts";
import type { BackupRecord } from "./manifest.ts";

/*
 * A deployment must be able to go back by itself, at night, after a crash, while the key of the backups lies in a safe. So what a deploy
 * and a restore take is encrypted for one more recipient, whose key is this file: it opens what stands beside the live database, on
 * the machine where that is readable anyway. Scheduled backups are not encrypted for it.
 */

/** Where the keys of one application on this machine are. */
function folderOf(root: string): string {
  return join(root, "keys");
}

/** The seal for a backup, or undefined where nothing is encrypted. `own`: this machine can open it as well. */
export async function sealFor(root: string, recipients: readonly string[], own: boolean): Promise<Seal | undefined> {
  if (recipients.length === 0) return undefined;
  for (const recipient of recipients) parseRecipient(recipient);
  return newSeal(own ? [...recipients, (await serverKey(root)).recipient.text] : recipients);
}

/** What opens a backup: the identities given, this machine's own key, or what was lent for this very backup. Undefined: nothing here does. */
export async function openerFor(root: string, record: BackupRecord, given: readonly Identity[] = []): Promise<Opener | undefined> {
  const wanted = record.manifest.encryption?.recipients;
  if (!wanted) return undefined;
  const lent = await readIfPresent(lentFile(root, record));
  if (lent !== undefined) return () => openWithKey(Buffer.from(lent, "base64"));
  const own = await readIfPresent(keyFile(root));
  const identities = [...given, ...(own === undefined ? [] : parseIdentities(new Secret(own)))];
  // One of the names may have been left out of the manifest by hand: with a key given it is tried.
  return given.length > 0 || identities.some(({ recipient }) => wanted.includes(recipient.text)) ? () => openWith(identities) : undefined;
}

/**
 * Keeps the key of one backup, and no other, for the time of a restore: whoever goes on with it after a crash has it. The
 * identity itself is never written down.
 */
export async function lend(root: string, record: BackupRecord, identities: readonly Identity[]): Promise<() => Promise<void>> {
  const path = lentFile(root, record);
  if (!record.manifest.encryption || identities.length === 0) return async () => {};
  await makePrivateFolder(dirname(path));
  await writeFileSafely(path, (await keyOfFile(record.file, identities)).toString("base64"));
  return () => rm(path, { force: true });
}

async function serverKey(root: string): Promise<Identity> {
  const path = keyFile(root);
  const text = (await readIfPresent(path)) ?? (await make(path));
  const [identity] = parseIdentities(new Secret(text));
  if (!identity) throw new Error(`${path} holds no key`);
  return identity;
}

async function make(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFileSafely(path, `${newIdentity().identity.reveal()}\n`);
  // Another process may have made it meanwhile: the file is what counts.
  const file = await open(path, "r");
  try {
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

function keyFile(root: string): string {
  return join(folderOf(root), "server.txt");
}

function lentFile(root: string, { database, id }: BackupRecord): string {
  return join(folderOf(root), `${database}.${id}.lent`);
}
