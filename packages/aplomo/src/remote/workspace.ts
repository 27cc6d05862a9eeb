import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, copyFile, lstat, mkdir, readlink, rename, rm, rmdir, symlink } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { LockedError, UsageError } from "../base/errors.ts";
import { flushFolder, makePrivateFolder, readIfPresent, writeFileSafely } from "../host/files.ts";
import type { SentFile } from "./messages.ts";

/**
 * The folder on the server that stands for the one of aplomo.yml on a laptop. It stays where it is: what containers mount from it and
 * databases in it belong to the application. Only files that were sent are ever replaced or removed.
 */
export interface Workspace {
  folder: string;
  /** What was sent last, by path. */
  record: string;
}

export function workspaceOf(root: string): Workspace {
  return { folder: join(root, "work"), record: join(root, "sent.json") };
}

/** Whether a file is part of a workspace in this home: then this machine is the server, whatever `target.host` says. */
export function isArrived(file: string, home: string): boolean {
  const [app, work] = file.startsWith(join(home, "apps/")) ? file.slice(join(home, "apps/").length).split("/") : [];
  return app !== undefined && work === "work";
}

export async function hasFiles({ record }: Workspace): Promise<boolean> {
  return (await readIfPresent(record)) !== undefined;
}

/** What must be done so that the workspace holds these files. */
export interface Change {
  put: SentFile[];
  remove: string[];
}

export async function compare({ folder, record }: Workspace, files: readonly SentFile[]): Promise<Change> {
  files.forEach(refuseOutside);
  const before = JSON.parse((await readIfPresent(record)) ?? "[]") as string[];
  const wanted = new Set(files.map(({ path }) => path));
  const put: SentFile[] = [];
  for (const file of files) if (!(await isThere(folder, file))) put.push(file);
  return { put, remove: before.filter((path) => !wanted.has(path)) };
}

/** Puts the files in place, one by one, each whole. `content` names the file that holds a content that came. */
export async function putInPlace(
  { folder, record }: Workspace,
  files: readonly SentFile[],
  { put, remove }: Change,
  content: (sha256: string) => string,
): Promise<void> {
  await makePrivateFolder(folder);
  // Before any is there: what was sent must be known as such, whatever dies in between.
  const before = JSON.parse((await readIfPresent(record)) ?? "[]") as string[];
  await writeFileSafely(record, JSON.stringify([...new Set([...before, ...files.map(({ path }) => path)])]));
  for (const file of put) {
    const place = join(folder, file.path);
    await mkdir(dirname(place), { recursive: true, mode: 0o755 });
    const beside = join(dirname(place), `.${createHash("sha256").update(file.path).digest("hex").slice(0, 12)}.partial`);
    await rm(beside, { force: true });
    if ("link" in file) await symlink(file.link, beside);
    else {
      await copyFile(content(file.sha256), beside).catch(changedMeanwhile);
      await chmod(beside, file.mode);
    }
    await rename(beside, place);
  }
  for (const path of remove) await removeFile(folder, path);
  await flushFolder(folder);
  await writeFileSafely(record, JSON.stringify(files.map(({ path }) => path)));
}

async function isThere(folder: string, file: SentFile): Promise<boolean> {
  const place = join(folder, file.path);
  const info = await lstat(place).catch(ignoreMissing);
  if (!info) return false;
  if ("link" in file) return info.isSymbolicLink() && (await readlink(place)) === file.link;
  if (!info.isFile() || info.size !== file.size || (info.mode & 0o777) !== file.mode) return false;
  return (await hashFile(place)) === file.sha256;
}

/** And the folders that are empty without it. */
async function removeFile(folder: string, path: string): Promise<void> {
  await rm(join(folder, path), { force: true });
  for (let parent = dirname(path); parent !== "."; parent = dirname(parent)) {
    const removed = await rmdir(join(folder, parent)).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest("hex");
}

function refuseOutside({ path }: SentFile): void {
  if (path !== "" && !path.startsWith("/") && normalize(path) === path && path.split("/")[0] !== "..") return;
  throw new UsageError({ operation: "take", subject: path, cause: "it is not below the folder of aplomo.yml" });
}

function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}

function ignoreMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

/** Another machine's files came between our look and our lock: ours were not sent, since they had been there. */
function changedMeanwhile(error: unknown): never {
  if (!isMissing(error)) throw error;
  const cause = "another machine has sent other files meanwhile";
  throw new LockedError({ operation: "put in place", subject: "the application's files", cause, hint: "Run the command again." });
}
