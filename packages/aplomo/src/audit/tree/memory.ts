import type { Entry, Tree } from "./tree.ts";

/** A tree of texts: examples of rules, and files as they would be after a change. Scripts and hooks may be executed. */
export function memoryTree(files: Readonly<Record<string, string>>): Tree {
  const bytes = new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));
  const entries: Entry[] = [...bytes].map(([path, content]) => ({
    path,
    size: content.length,
    executable: content[0] === 35 && content[1] === 33,
  }));
  return { entries, unread: [], read: (entry) => bytes.get(entry.path) ?? new Uint8Array() };
}

/** A tree in which some files have other texts. */
export function withTexts(tree: Tree, texts: ReadonlyMap<string, string>): Tree {
  const encoder = new TextEncoder();
  const known = new Set(tree.entries.map((entry) => entry.path));
  const bytes = new Map([...texts].map(([path, text]) => [path, encoder.encode(text)]));
  const added = [...bytes]
    .filter(([path]) => !known.has(path))
    .map(([path, content]) => ({ path, size: content.length, executable: false }));
  const entries = tree.entries.map((entry) => ({ ...entry, size: bytes.get(entry.path)?.length ?? entry.size }));
  return { entries: [...entries, ...added], unread: tree.unread, read: (entry) => bytes.get(entry.path) ?? tree.read(entry) };
}
