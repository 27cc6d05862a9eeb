import { createHash } from "node:crypto";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { AplomoError } from "../../base/errors.ts";
import type { Context } from "../../host/context.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../../host/files.ts";
import type { ReleaseFolder, Staged } from "../contract.ts";
import type { Spec } from "./api.ts";

/** What a release is to a swarm: the whole service as it is to be, its image by digest. It holds the environment, hence 0600. */
export interface Frozen {
  spec: Spec;
  staged: Staged;
}

const fileOf = (release: ReleaseFolder): string => join(release.path, "service.json");
const sumOf = (release: ReleaseFolder): string => join(release.path, "service.sum");
const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

export async function writeFrozen(release: ReleaseFolder, frozen: Frozen): Promise<void> {
  await makePrivateFolder(release.path);
  await chmod(release.path, 0o700);
  const text = `${JSON.stringify(frozen, null, 1)}\n`;
  await writeFileSafely(fileOf(release), text);
  // Last: a release without it is not complete.
  await writeFileSafely(sumOf(release), hash(text));
}

export async function findFrozen(release: ReleaseFolder): Promise<Frozen | undefined> {
  if ((await readIfPresent(sumOf(release))) === undefined) return undefined;
  const text = await readIfPresent(fileOf(release));
  return text === undefined ? undefined : (JSON.parse(text) as Frozen);
}

export async function readFrozen(release: ReleaseFolder): Promise<Frozen> {
  const frozen = await findFrozen(release);
  if (frozen) return frozen;
  throw new AplomoError({
    operation: "read",
    subject: `release ${release.id}`,
    cause: "it was never completely staged",
    hint: "Deploy again, or go back to a release that `aplomo history` shows as complete.",
  });
}

/** Throws when its file is not the one that was staged. */
export async function verifyFrozen(release: ReleaseFolder): Promise<Frozen> {
  const text = (await readIfPresent(fileOf(release))) ?? "";
  if (hash(text) === (await readIfPresent(sumOf(release)))) return readFrozen(release);
  throw new AplomoError({
    operation: "start from",
    subject: `release ${release.id}`,
    cause: `${fileOf(release)} was changed after it was staged, or never complete`,
    hint: "Go back to another release, or deploy again.",
  });
}

const adoptionFile = (ctx: Context, app: string): string => join(ctx.home, "swarm", app, "adopted");

/** The release that stands for tasks which carry no release: those of before Aplomo. */
export async function readAdopted(ctx: Context, app: string): Promise<string | null> {
  return (await readIfPresent(adoptionFile(ctx, app)))?.trim() ?? null;
}

export async function writeAdopted(ctx: Context, app: string, release: string): Promise<void> {
  await makePrivateFolder(join(ctx.home, "swarm", app));
  await writeFileSafely(adoptionFile(ctx, app), `${release}\n`);
}
