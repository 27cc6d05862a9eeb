import { readdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { readIfPresent, flushFolder, writeFileSafely } from "../host/files.ts";
import type { ReleaseFolder, Staged } from "../targets/contract.ts";
import type { AppPaths } from "./paths.ts";

/** What a release is: immutable once it is current. Stands in its folder as `release.json`. */
export interface Release extends Omit<Staged, "evidence"> {
  version: 1;
  id: string;
  app: string;
  kind: string;
  createdAt: string;
  /** The deployment that made it. */
  deployment: string;
  /** Who ran it: the login name. */
  author: string;
  commit: string | null;
  dirty: boolean;
  /** Of its package file; absent in older records. */
  appVersion?: string | null;
  /** True: Aplomo found it running and took it down as it was. */
  adopted: boolean;
}

const record = (folder: ReleaseFolder): string => join(folder.path, "release.json");

export async function readRelease(folder: ReleaseFolder): Promise<Release | undefined> {
  const text = await readIfPresent(record(folder));
  return text === undefined ? undefined : (JSON.parse(text) as Release);
}

export async function writeRelease(folder: ReleaseFolder, release: Release): Promise<void> {
  await writeFileSafely(record(folder), `${JSON.stringify(release, null, 2)}\n`);
}

/** Every release with a record, oldest first. */
export async function listReleases(paths: AppPaths): Promise<Release[]> {
  const names = await readdir(paths.releases).catch(() => [] as string[]);
  const found = await Promise.all(names.map((id) => readRelease({ id, path: join(paths.releases, id) })));
  return found.filter((release) => release !== undefined).toSorted((a, b) => releaseNumber(a.id) - releaseNumber(b.id));
}

export function releaseNumber(id: string): number {
  return Number(id.slice(1));
}

/** The release in front, or null before the first. */
export async function currentRelease(paths: AppPaths): Promise<ReleaseFolder | null> {
  try {
    const id = basename(await readlink(paths.current));
    return { id, path: join(paths.releases, id) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Makes a release the one in front, in one act that survives a power cut. */
export async function pointTo(paths: AppPaths, release: ReleaseFolder): Promise<void> {
  const beside = `${paths.current}.partial`;
  await rm(beside, { force: true });
  await symlink(join("releases", release.id), beside);
  await rename(beside, paths.current);
  await flushFolder(dirname(paths.current));
}

/** No release is in front, as before the first. */
export async function unpoint(paths: AppPaths): Promise<void> {
  await rm(paths.current, { force: true });
  await flushFolder(dirname(paths.current));
}
