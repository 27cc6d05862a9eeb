import { open } from "node:fs/promises";

const limit = 1024 * 1024;

/** A text file, or why it cannot be read as one. */
export type TextFile = { text: string } | Unreadable;

export interface Unreadable {
  /** The bytes could be read, and are not text; only then line and column say where. */
  kind: "missing" | "unreadable" | "binary";
  message: string;
  hint: string;
  line: number;
  column: number;
}

/** Reads a file of at most 1 MiB that must be UTF-8. A byte order mark is left out. */
export async function readText(path: string): Promise<TextFile> {
  let bytes: Buffer;
  try {
    const file = await open(path, "r");
    try {
      const facts = await file.stat();
      if (facts.isDirectory()) return failed(`${path} is a folder`, "Name a file");
      if (facts.size > limit) return failed(`${path} is larger than 1 MiB`, "Check that it is the right file");
      bytes = await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return failed(`there is no file ${path}`, "Create it, or correct the path", "missing");
    if (code === "EACCES") return failed(`${path} may not be read by this user`, "Give this user the right to read it");
    return failed(`${path} cannot be read (${code ?? "unknown error"})`, "Check the path");
  }
  return decode(bytes);
}

function decode(bytes: Buffer): TextFile {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    return { text: decoder.decode(bytes) };
  } catch {
    let line = 1;
    for (let start = 0; ; line++) {
      const end = bytes.indexOf(10, start);
      const part = bytes.subarray(start, end === -1 ? undefined : end);
      // What could not be decoded becomes U+FFFD: its place is the column.
      const column = part.toString("utf8").indexOf("\uFFFD") + 1;
      if (column > 0 || end === -1) {
        return { kind: "binary", message: "the file is not UTF-8 text", hint: "Save it as UTF-8", line, column: Math.max(column, 1) };
      }
      start = end + 1;
    }
  }
}

function failed(message: string, hint: string, kind: Unreadable["kind"] = "unreadable"): Unreadable {
  return { kind, message, hint, line: 1, column: 1 };
}
