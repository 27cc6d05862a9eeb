import { createHmac, randomBytes } from "node:crypto";
import { link, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Context } from "../host/context.ts";
import { AplomoError } from "../base/errors.ts";
import { flushFolder, makePrivateFolder, readIfPresent, writeFileSafely } from "../host/files.ts";

/**
 * Each variable's name with the first 12 hex digits of an HMAC over its name and value, sorted by name: tells whether two releases
 * mean the same value, and nothing about the value. The key never leaves this machine, so a short value cannot be guessed from a report.
 */
export async function fingerprintEnvironment(ctx: Context, values: Record<string, string>): Promise<Record<string, string>> {
  const key = await fingerprintKey(ctx.home);
  const names = Object.keys(values).sort();
  return Object.fromEntries(names.map((name) => [name, fingerprint(key, name, values[name] ?? "")]));
}

// The name is part of it: otherwise two variables with the same value would show as such.
function fingerprint(key: string, name: string, value: string): string {
  return createHmac("sha256", key).update(`${name}\0${value}`).digest("hex").slice(0, 12);
}

async function fingerprintKey(home: string): Promise<string> {
  const file = join(home, "fingerprint.key");
  return (await readKey(file)) ?? (await makeKey(file));
}

async function readKey(file: string): Promise<string | undefined> {
  const key = (await readIfPresent(file))?.trim();
  if (key === undefined || /^[0-9a-f]{64}$/.test(key)) return key;
  throw new AplomoError({
    operation: "read",
    subject: file,
    cause: "it is not a key",
    hint: "Remove the file: a new key is made, and the next deploy takes every variable for changed.",
  });
}

/** Whoever links first wins: two deployments of different applications may make it at the same time. */
async function makeKey(file: string): Promise<string> {
  await makePrivateFolder(dirname(file));
  const own = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFileSafely(own, `${randomBytes(32).toString("hex")}\n`);
  try {
    await link(own, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(own, { force: true });
  }
  await flushFolder(dirname(file));
  return (await readKey(file)) ?? (await makeKey(file));
}

/** Values a person reads in every log: hiding them would say less and protect nothing. */
const ordinary =
  /^(?:|true|false|yes|no|on|off|null|none|debug|info|warn|error|production|development|staging|test|localhost|utf-?8|\d{1,5}|[\d.]+)$/i;
const plainNames = new Set(["APLOMO_RELEASE", "NODE_ENV", "PATH", "HOME", "USER", "LANG", "TZ", "PWD"]);

/** A program's own words without the values of its environment, nor the passwords inside its URLs: `[secret]` stands for each. */
export function maskEnvironment(text: string, values: Record<string, string>): string {
  const hidden = new Set<string>();
  for (const [name, value] of Object.entries(values)) {
    if (plainNames.has(name) || value.length < 4 || ordinary.test(value)) continue;
    for (const line of [value, ...value.split(/\r?\n/)]) if (line.trim().length >= 4) hidden.add(line.trim());
    for (const part of passwords(value)) hidden.add(part);
  }
  // The longest first: a value may contain another.
  const parts = [...hidden].sort((one, other) => other.length - one.length);
  return parts.reduce((masked, part) => masked.replaceAll(part, "[secret]"), text);
}

function passwords(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  let plain = password;
  try {
    plain = decodeURIComponent(password);
  } catch {
    // A lone percent sign: what stands in the URL is the password.
  }
  return [password, plain].filter((part) => part.length >= 4);
}
