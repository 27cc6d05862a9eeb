/** A file as a tree lists it. */
export interface Entry {
  /** From the tree's folder, with slashes. */
  path: string;
  size: number;
  executable: boolean;
}

/** A file that could not be looked at, and why: never passed over in silence. */
export interface Unread {
  file: string;
  reason: string;
  line?: number;
}

/** The files of an application: a folder, or a commit. Read only. */
export interface Tree {
  entries: readonly Entry[];
  /** What the walk itself had to leave out. */
  unread: readonly Unread[];
  /** The bytes of an entry; throws when they cannot be had. */
  read(entry: Entry): Uint8Array;
}

/** Folders that hold what others wrote or what is made anew: never looked into. */
export const foreign: ReadonlySet<string> = new Set([
  "node_modules",
  ".git",
  ".next",
  ".nuxt",
  ".output",
  ".svelte-kit",
  "dist",
  "build",
  "out",
  "vendor",
  "venv",
  ".venv",
  "__pycache__",
  "coverage",
  ".cache",
  ".turbo",
  ".yarn",
  ".pnpm-store",
  "bower_components",
  ".terraform",
  "site-packages",
]);
