import { link } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LockedError } from "../base/errors.ts";
import { appPaths } from "../deploy/paths.ts";
import type { Context } from "../host/context.ts";
import { makePrivateFolder, writeNewFile } from "../host/files.ts";
import { takeLock, type Lock } from "../host/lock.ts";
import type { RunRequest } from "./messages.ts";
import { contentFile, givenFile } from "./runs.ts";
import { compare, putInPlace, workspaceOf } from "./workspace.ts";

/** A command that came, ready to be carried out as if it had been typed here. */
export interface Arrived {
  argv: string[];
  lock: Lock | undefined;
  source: RunRequest["source"];
}

/**
 * Puts the files in place and holds the application's lock meanwhile, so that nothing is swapped under a deployment that runs. A command
 * that works keeps it: between its files and its work nobody else's come.
 */
export async function arrive(ctx: Context, folder: string, request: RunRequest): Promise<Arrived> {
  const lock = await putFiles(ctx, folder, request);
  const argv = [...request.argv];
  for (const [index, { option, content }] of request.attached.entries()) {
    const file = join(folder, `attached-${index}`);
    await writeNewFile(file, content);
    argv.push(option, file);
  }
  for (const { word, name, sha256 } of request.given) {
    const place = givenFile(folder, name);
    await makePrivateFolder(dirname(place));
    await link(contentFile(folder, sha256), place);
    if (word !== null) argv[word] = place;
  }
  // Of this process alone: what a program is started with shows in lists of processes, what it sets itself does not.
  Object.assign(process.env, request.variables);
  const config = join(workspaceOf(appPaths(ctx.home, request.app).root).folder, request.config);
  // Places in files are told from there, as they are on the laptop.
  process.chdir(dirname(config));
  return { argv: [...argv, "--config", config, "--json"], lock, source: request.source };
}

async function putFiles(ctx: Context, folder: string, { app, argv, manner, files }: RunRequest): Promise<Lock | undefined> {
  if (files === null) return undefined;
  const { root, lock: lockFolder } = appPaths(ctx.home, app);
  const workspace = workspaceOf(root);
  const same = async (): Promise<boolean> => {
    const { put, remove } = await compare(workspace, files);
    return put.length + remove.length === 0;
  };
  if (manner !== "work" && (await same())) return undefined;
  let lock: Lock;
  try {
    lock = await takeLock(lockFolder, argv.join(" "));
  } catch (error) {
    // The command itself then waits or is refused, as it would be here.
    if (error instanceof LockedError && (await same())) return undefined;
    throw error;
  }
  try {
    await putInPlace(workspace, files, await compare(workspace, files), (sha256) => contentFile(folder, sha256));
  } catch (error) {
    await lock.release();
    throw error;
  }
  if (manner === "work") return lock;
  await lock.release();
  return undefined;
}
