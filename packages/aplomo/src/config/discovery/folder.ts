import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";

/** An application's folder, read only. Whatever cannot be read is not there. */
export interface Folder {
  path: string;
  /** Names in it, or in one of its folders. */
  names(inside?: string): Promise<string[]>;
  has(file: string): Promise<boolean>;
  /** The first of these that is there. */
  first(files: readonly string[]): Promise<string | undefined>;
  /** A text of at most 512 KiB. */
  text(file: string): Promise<string | undefined>;
  /** Files below it, as paths from it, the nearest first. */
  files(wanted: RegExp): Promise<string[]>;
}

const skipped = /^(node_modules|\.git|\.venv|venv|vendor|dist|build|\.next|coverage|__pycache__|test|tests|__tests__|\.cache)$/;
const limits = { depth: 6, files: 4_000, bytes: 512 * 1024 };

export function openFolder(path: string): Folder {
  const names = (inside = "."): Promise<string[]> => readdir(join(path, inside)).catch(() => []);
  let walked: Promise<string[]> | undefined;
  const has = (file: string): Promise<boolean> =>
    stat(join(path, file)).then(
      () => true,
      () => false,
    );
  return {
    path,
    names,
    has,
    async first(files) {
      for (const file of files) if (await has(file)) return file;
      return undefined;
    },
    async text(file) {
      try {
        const facts = await stat(join(path, file));
        return facts.isFile() && facts.size <= limits.bytes ? await readFile(join(path, file), "utf8") : undefined;
      } catch {
        return undefined;
      }
    },
    async files(wanted) {
      walked ??= walk(path);
      return (await walked).filter((file) => wanted.test(file));
    },
  };
}

async function walk(root: string): Promise<string[]> {
  const found: string[] = [];
  let level = [root];
  for (let depth = 0; depth < limits.depth && level.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
        if (entry.isDirectory() && !skipped.test(entry.name)) below.push(join(folder, entry.name));
        if (entry.isFile()) found.push(relative(root, join(folder, entry.name)));
        if (found.length >= limits.files) return found.sort(byDepth);
      }
    }
    level = below;
  }
  return found.sort(byDepth);
}

function byDepth(a: string, b: string): number {
  return a.split("/").length - b.split("/").length || a.localeCompare(b);
}
