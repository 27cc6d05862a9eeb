import { sourceOf, type Source } from "../place.ts";
import type { Entry, Tree, Unread } from "../tree/tree.ts";

const most = 1024 * 1024;

/** A file's text, or why there is none: too large, not readable, binary, not UTF-8. */
export function readSource(tree: Tree, entry: Entry, limit = most): Source | Unread {
  if (entry.size > limit) return { file: entry.path, reason: `it is larger than ${limit / 1024 / 1024} MiB` };
  let bytes: Uint8Array;
  try {
    bytes = tree.read(entry);
  } catch (error) {
    return { file: entry.path, reason: `it cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"})` };
  }
  if (bytes.length > limit) return { file: entry.path, reason: `it is larger than ${limit / 1024 / 1024} MiB` };
  if (limit === most && bytes.includes(0)) return { file: entry.path, reason: "it is not text (it holds a zero byte)" };
  try {
    return sourceOf(entry.path, new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return { file: entry.path, reason: "it is not UTF-8 text" };
  }
}
