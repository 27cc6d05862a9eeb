import { realpathSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { writeFileSafely } from "../host/files.ts";
import type { Finding } from "./audit.ts";
import { maskLine } from "./mask.ts";
import type { Fix } from "./rule.ts";
import { auditTree, type Audited } from "./run.ts";
import { folderTree } from "./tree/folder.ts";
import { withTexts } from "./tree/memory.ts";

/** A change that was tried in memory: the file's new text, and what it shows. */
export interface Trial {
  finding: Finding;
  fix: Fix;
  file: string;
  text: string;
  /** Lines with `-` and `+`, secrets hidden. */
  diff: string[];
}

/**
 * Tries a finding's fix without touching a file: it counts only when the finding is gone afterwards, nothing else was found anew, and every
 * file can still be read. Undefined: it is not to be made.
 */
export function tryFix(audited: Audited, finding: Finding): Trial | undefined {
  const { fix } = finding;
  const file = fix?.edits[0]?.place.file;
  const source = file === undefined ? undefined : audited.model.sources.get(file);
  if (!fix || !source || file === undefined || fix.edits.some((edit) => edit.place.file !== file)) return undefined;
  // What compose puts in is not ours to rewrite.
  if (fix.edits.some(({ place }) => /\$\{/.test(source.text.slice(place.start, place.end)))) return undefined;
  const text = splice(source.text, fix);
  const after = auditTree(withTexts(audited.tree, new Map([[file, text]])));
  if (after.model.unread.length > audited.model.unread.length) return undefined;
  const before = new Map<string, number>();
  for (const one of audited.made.findings) before.set(key(one), (before.get(key(one)) ?? 0) + 1);
  const count = new Map<string, number>();
  for (const one of after.made.findings) count.set(key(one), (count.get(key(one)) ?? 0) + 1);
  const gone = (count.get(key(finding)) ?? 0) < (before.get(key(finding)) ?? 0);
  const worse = [...count].some(([name, number]) => number > (before.get(name) ?? 0));
  return gone && !worse ? { finding, fix, file, text, diff: diffOf(source.text, text) } : undefined;
}

/** A rule in a file: lines move when a file is changed. */
function key(finding: Finding): string {
  return `${finding.rule.id} ${finding.place.file}`;
}

/** The edits from the last to the first, so that offsets stay true. */
export function splice(text: string, fix: Fix): string {
  const edits = fix.edits.toSorted((a, b) => b.place.start - a.place.start);
  return edits.reduce((changed, { place, text: put }) => changed.slice(0, place.start) + put + changed.slice(place.end), text);
}

/** Lines that differ, with one line around them. */
export function diffOf(before: string, after: string): string[] {
  const [old, made] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < old.length && head < made.length && old[head] === made[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < made.length - head && old.at(-1 - tail) === made.at(-1 - tail)) tail++;
  const shown = (line: string | undefined, sign: string): string[] =>
    line === undefined ? [] : [`${sign}${maskLine(line).replace(/\r$/, "")}`];
  return [
    `@@ line ${head + 1} @@`,
    ...(head > 0 ? shown(old[head - 1], " ") : []),
    ...old.slice(head, old.length - tail).flatMap((line) => shown(line, "-")),
    ...made.slice(head, made.length - tail).flatMap((line) => shown(line, "+")),
    ...(tail > 0 ? shown(old.at(-tail), " ") : []),
  ];
}

/** Writes a trial: only into a file of the tree that is still as it was read; its mode and byte order mark stay. */
export async function applyFix(folder: string, trial: Trial, before: string): Promise<boolean> {
  const root = realpathSync(folder);
  const path = realpathSync(join(root, trial.file));
  if (!path.startsWith(root + sep)) return false;
  const bytes = readFileSync(path);
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? "\uFEFF" : "";
  if (bytes.toString("utf8") !== mark + before) return false;
  await writeFileSafely(path, mark + trial.text, statSync(path).mode & 0o777);
  return true;
}

/** The folder as it is now. */
export function again(folder: string): Audited {
  return auditTree(folderTree(folder));
}
