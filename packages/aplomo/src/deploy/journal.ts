import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { StuckError } from "../base/errors.ts";
import type { Event } from "../base/events.ts";
import { flushFolder } from "../host/files.ts";

/** One line of a journal: an event, when, and its place. */
export type Entry = Event & { seq: number; at: string };

/** A deployment's append-only record. What it has taken is on disk before `append` returns; when it throws, nothing was taken. */
export interface Journal {
  append(event: Event): void;
  close(): void;
}

export const journalFile = (folder: string): string => join(folder, "journal.jsonl");

/** Opens the journal in a deployment's folder, new or to be continued after a crash. */
export async function openJournal(folder: string, now: () => Date): Promise<Journal> {
  const path = journalFile(folder);
  const file = openSync(path, "a+", 0o600);
  await flushFolder(dirname(path));
  const text = readFileSync(path, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  // The power went in the middle of a line: it was never taken, so it never happened.
  if (whole.length < text.length) ftruncateSync(file, Buffer.byteLength(whole));
  let seq = parseJournal(whole).length;
  let open = true;
  return {
    append(event) {
      appendLine(file, path, `${JSON.stringify({ seq, at: now().toISOString(), ...event })}\n`);
      seq++;
    },
    close() {
      if (open) closeSync(file);
      open = false;
    },
  };
}

/** All of the line or nothing: a full disk takes half a line, and what is written behind that could not be read any more. */
function appendLine(file: number, path: string, line: string): void {
  const before = fstatSync(file).size;
  const bytes = Buffer.from(line);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } catch (error) {
    ftruncateSync(file, before);
    throw new StuckError({
      operation: "write",
      subject: path,
      cause: error,
      hint: "nothing may be done that is not recorded, so it stopped here: free disk space, then `aplomo recover` finishes or undoes it",
    });
  }
}

/** The entries of a deployment's journal; empty when it has none. A last line without its end is left out. */
export function readJournal(folder: string): Entry[] {
  let text: string;
  try {
    text = readFileSync(journalFile(folder), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return parseJournal(text);
}

/** A last line that a crash cut off is none. */
export function parseJournal(text: string): Entry[] {
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Entry);
}
