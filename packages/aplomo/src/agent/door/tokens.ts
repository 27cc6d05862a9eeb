import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { Secret } from "../../base/secret.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../../host/files.ts";
import type { AgentPaths } from "../paths.ts";

/** `read` sees everything; `operate` may also deploy a known release, back up and drill. */
export const roles = ["read", "operate"] as const;
export type Role = (typeof roles)[number];

/** Who asks, as the audit log names them. */
export interface Caller {
  role: Role;
  who: string;
}

interface Kept extends Caller {
  /** SHA-256, hex: whoever reads the file cannot come in with it. */
  hash: string;
}

const fileOf = (paths: AgentPaths): string => join(paths.root, "tokens.json");

export async function readTokens(paths: AgentPaths): Promise<Kept[]> {
  const text = await readIfPresent(fileOf(paths));
  return text === undefined ? [] : (JSON.parse(text) as Kept[]);
}

/** A new token for a name, whose former one is void. It is shown once; only its hash is kept. */
export async function makeToken(paths: AgentPaths, caller: Caller): Promise<Secret> {
  const token = randomToken();
  const others = (await readTokens(paths)).filter(({ who }) => who !== caller.who);
  await makePrivateFolder(paths.root);
  await writeFileSafely(fileOf(paths), `${JSON.stringify([...others, { ...caller, hash: hashOf(token.reveal()) }], null, 2)}\n`);
  return token;
}

export function randomToken(): Secret {
  return new Secret(randomBytes(32).toString("base64url"));
}

/** Whose token it is. */
export function callerOf(tokens: readonly Kept[], token: string): Caller | undefined {
  const hash = Buffer.from(hashOf(token));
  const found = tokens.find((one) => timingSafeEqual(Buffer.from(one.hash), hash));
  return found && { role: found.role, who: found.who };
}

export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
