import { existsSync, realpathSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../base/errors.ts";
import { stamp } from "../base/time.ts";
import type { Config } from "../config/config.ts";
import { parseEnvFile } from "../config/env-file.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../host/files.ts";
import type { AppPaths } from "./paths.ts";

/** What a push did; names, never values. */
export interface Pushed {
  file: string;
  changed: boolean;
  /** Where the former file is; null when there was none. */
  kept: string | null;
  addedNames: string[];
  changedNames: string[];
  removedNames: string[];
}

/** Secrets that are of no use any more should not lie about for ever. */
const keep = 5;

/** Where the app's env file is; a link stays a link, and what it leads to is replaced. */
export function environmentFile(config: Config): string {
  const { file } = config.settings.env;
  if (file === undefined) {
    const hint = "Add `env: { file: .env }` to aplomo.yml.";
    throw new UsageError({ operation: "replace", subject: "the env file", cause: "aplomo.yml names none", hint });
  }
  const path = resolve(config.directory, file);
  return existsSync(path) ? realpathSync(path) : path;
}

/** The text becomes the env file, in one act; what it replaces is on disk elsewhere before. May be called again after a crash. */
export async function replaceEnvironment(file: string, text: string, paths: AppPaths, now: Date): Promise<Pushed> {
  const before = await readIfPresent(file);
  const names = compareNames(before ?? "", text);
  if (before === text) return { file, changed: false, kept: null, ...names };
  const kept = before === undefined ? null : await keepText(before, paths, now);
  await makePrivateFolder(dirname(file));
  await writeFileSafely(file, text);
  for (const old of (await keptEnvironments(paths)).slice(keep)) await rm(old, { force: true });
  return { file, changed: true, kept, ...names };
}

/** Newest first. */
export async function keptEnvironments(paths: AppPaths): Promise<string[]> {
  const names = await readdir(paths.environments).catch(() => [] as string[]);
  return names
    .filter((name) => name.endsWith(".env"))
    .toSorted()
    .toReversed()
    .map((name) => join(paths.environments, name));
}

/** The newest kept file that is not what is there now: after a crash between keeping and replacing the two are the same. */
export async function formerEnvironment(file: string, paths: AppPaths): Promise<{ path: string; text: string }> {
  const present = await readIfPresent(file);
  for (const path of await keptEnvironments(paths)) {
    const text = await readIfPresent(path);
    if (text !== undefined && text !== present) return { path, text };
  }
  throw new UsageError({ operation: "put back", subject: file, cause: "no former one is kept: `env push` has not replaced it" });
}

async function keepText(text: string, paths: AppPaths, now: Date): Promise<string> {
  const [newest] = await keptEnvironments(paths);
  if (newest !== undefined && (await readIfPresent(newest)) === text) return newest;
  await makePrivateFolder(paths.environments);
  const at = (count: number): string => join(paths.environments, `${stamp(now)}${count === 0 ? "" : `_${count}`}.env`);
  let count = 0;
  while (existsSync(at(count))) count++;
  await writeFileSafely(at(count), text);
  return at(count);
}

/** Pure. */
function compareNames(before: string, after: string): Pick<Pushed, "addedNames" | "changedNames" | "removedNames"> {
  const [was, is] = [parseEnvFile(before).variables, parseEnvFile(after).variables];
  const value = (from: typeof was, name: string): string | undefined => from.get(name)?.value.reveal();
  return {
    addedNames: [...is.keys()].filter((name) => !was.has(name)).sort(),
    changedNames: [...is.keys()].filter((name) => was.has(name) && value(was, name) !== value(is, name)).sort(),
    removedNames: [...was.keys()].filter((name) => !is.has(name)).sort(),
  };
}
