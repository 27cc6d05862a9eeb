import { open } from "node:fs/promises";
import type { Pm2Process } from "./process-list.ts";

/** As much of the end of a file as is looked at. */
const window = 2 * 1024 * 1024;
const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?): ?/;

interface Line {
  /** Milliseconds since 1970; of a line without a time, that of the line before it. */
  at: number;
  text: string;
}

/** The last lines a process said on both streams, in the order of their times. All processes of a release write the same files. */
export async function readLogs(process: Pm2Process, options: { tail: number; sinceStart?: boolean }): Promise<string> {
  const files = [...new Set([process.outFile, process.errorFile])].filter((file) => file !== undefined && file !== "/dev/null");
  const lines = (await Promise.all(files.map(async (file) => parse(await readEnd(file ?? ""))))).flat();
  // Sorting is stable: lines of one millisecond stay in their file's order.
  const sorted = lines.sort((one, other) => one.at - other.at);
  const wanted = options.sinceStart ? sorted.filter(({ at }) => at === 0 || at >= process.startedAt) : sorted;
  return wanted
    .slice(-options.tail)
    .map(({ text }) => text)
    .join("\n");
}

export function lastLog(process: Pm2Process, tail: number): Promise<string> {
  return readLogs(process, { tail });
}

function parse(text: string): Line[] {
  let at = 0;
  return text
    .split("\n")
    .slice(0, text.endsWith("\n") ? -1 : undefined)
    .map((line) => {
      const time = stamped.exec(line);
      if (!time) return { at, text: line };
      const parsed = Date.parse(time[1] ?? "");
      at = Number.isNaN(parsed) ? at : parsed;
      return { at, text: line.slice(time[0].length) };
    });
}

async function readEnd(path: string): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      const length = Math.min(size, window);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
      const text = buffer.subarray(0, bytesRead).toString("utf8");
      // The first line of a cut file is not whole.
      return length < size ? text.slice(text.indexOf("\n") + 1) : text;
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
