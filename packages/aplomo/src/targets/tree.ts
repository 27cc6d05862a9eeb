import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, constants, copyFile, lstat, mkdir, readdir, readlink, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** A file, folder or symbolic link below a root, by its path from there. */
export interface Entry {
  path: string;
  kind: "file" | "folder" | "link";
  mode: number;
}

/** Everything below `root` that `leaveOut` does not name, folders before what is in them, sorted. Sockets and pipes are not code. */
export async function walk(root: string, leaveOut: (path: string) => boolean): Promise<Entry[]> {
  const entries: Entry[] = [];
  async function visit(folder: string): Promise<void> {
    const names = (await readdir(join(root, folder))).sort();
    for (const name of names) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (leaveOut(path)) continue;
      const info = await lstat(join(root, path));
      const kind = info.isFile() ? "file" : info.isDirectory() ? "folder" : info.isSymbolicLink() ? "link" : undefined;
      if (kind === undefined) continue;
      entries.push({ path, kind, mode: info.mode & 0o777 });
      if (kind === "folder") await visit(path);
    }
  }
  await visit("");
  return entries;
}

/** Copies entries; links stay links, with the text they have. */
export async function copy(entries: Entry[], from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const { path, kind } of entries) if (kind === "folder") await mkdir(join(to, path));
  await each(entries, async ({ path, kind }) => {
    if (kind === "file") await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE);
    if (kind === "link") await symlink(await readlink(join(from, path)), join(to, path));
  });
  // Last and from within outwards: a folder that may not be written to would refuse its own content.
  for (const { path, kind, mode } of entries.toReversed()) if (kind === "folder") await chmod(join(to, path), mode);
}

/** For each file and link: its permissions and the SHA-256 of its content, or the text of the link. Empty folders do not count. */
export async function contents(entries: Entry[], root: string): Promise<Record<string, string>> {
  const found = entries.filter(({ kind }) => kind !== "folder");
  const values = new Map<string, string>();
  await each(found, async ({ path, kind, mode }) => {
    const value = kind === "link" ? `link ${await readlink(join(root, path))}` : `${mode.toString(8)} ${await hashFile(join(root, path))}`;
    values.set(path, value);
  });
  return Object.fromEntries(found.map(({ path }) => [path, values.get(path) ?? ""]));
}

/** One hash for many files: the same whenever paths, permissions and contents are. */
export function combine(files: Record<string, string>): string {
  const hash = createHash("sha256");
  for (const path of Object.keys(files).sort()) hash.update(`${path}\0${files[path]}\n`);
  return `sha256:${hash.digest("hex")}`;
}

/** What of `files` lies below a folder, or is that file. */
export function below(files: Record<string, string>, folder: string): Record<string, string> {
  const prefix = folder.replace(/^\.\//, "").replace(/\/+$/, "");
  return Object.fromEntries(Object.entries(files).filter(([path]) => path === prefix || path.startsWith(`${prefix}/`)));
}

/** Links that lead somewhere in `from` and nowhere in `to`: they left the folder that was copied. */
export async function broken(entries: Entry[], from: string, to: string): Promise<string[]> {
  const leads = (path: string): Promise<boolean> =>
    stat(path).then(
      () => true,
      () => false,
    );
  const found: string[] = [];
  for (const { path, kind } of entries) {
    if (kind === "link" && (await leads(join(from, path))) && !(await leads(join(to, path)))) found.push(path);
  }
  return found;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Sixteen at a time: a thousand open files are too many for some machines. */
async function each<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const work = async (): Promise<void> => {
    for (const item of rest) await act(item);
  };
  await Promise.all(Array.from({ length: 16 }, work));
}
