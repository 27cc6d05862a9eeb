import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { foreign, type Entry, type Tree, type Unread } from "./tree.ts";

const limits = { files: 20_000, depth: 24 };

/**
 * The files under a folder. Links to folders are not followed, so nothing is read twice or outside of it; a link to a file counts when
 * the file is inside. What is no regular file (a pipe would never end) is left out.
 */
export function folderTree(folder: string): Tree {
  const root = realRoot(folder);
  const entries: Entry[] = [];
  const unread: Unread[] = [];
  const walk = (inside: string, depth: number): void => {
    let items;
    try {
      items = readdirSync(join(root, inside), { withFileTypes: true });
    } catch (error) {
      unread.push({
        file: inside || ".",
        reason: `the folder cannot be opened (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`,
      });
      return;
    }
    for (const item of items.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = inside === "" ? item.name : `${inside}/${item.name}`;
      if (entries.length >= limits.files) return;
      if (item.isDirectory()) {
        if (foreign.has(item.name)) continue;
        if (depth >= limits.depth) unread.push({ file: path, reason: `the folder is more than ${limits.depth} levels deep` });
        else walk(path, depth + 1);
        continue;
      }
      const entry = item.isFile() ? entryOf(root, path) : item.isSymbolicLink() ? linked(root, path) : undefined;
      if (entry) entries.push(entry);
    }
  };
  walk("", 0);
  if (entries.length >= limits.files)
    unread.push({ file: ".", reason: `it holds more than ${limits.files} files; those after it were not looked at` });
  return { entries, unread, read: (entry) => readFileSync(join(root, entry.path)) };
}

function realRoot(folder: string): string {
  try {
    const root = realpathSync(folder);
    if (statSync(root).isDirectory()) return root;
  } catch {
    // Told below.
  }
  throw new UsageError({ operation: "audit", subject: folder, cause: "it is not a folder", hint: "name the application's folder" });
}

function entryOf(root: string, path: string): Entry | undefined {
  try {
    const facts = lstatSync(join(root, path));
    return { path, size: facts.size, executable: (facts.mode & 0o111) !== 0 };
  } catch {
    return undefined;
  }
}

function linked(root: string, path: string): Entry | undefined {
  try {
    const real = realpathSync(join(root, path));
    if (!real.startsWith(root + sep)) return undefined;
    const facts = statSync(real);
    return facts.isFile() ? { path, size: facts.size, executable: (facts.mode & 0o111) !== 0 } : undefined;
  } catch {
    return undefined;
  }
}
