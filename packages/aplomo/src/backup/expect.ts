import { stat } from "node:fs/promises";
import { counted } from "../base/count.ts";
import { UsageError } from "../base/errors.ts";
import { readIfPresent } from "../host/files.ts";
import type { Counts } from "../databases/contract.ts";
import { rowsOf } from "./invariants.ts";
import { parseManifest } from "./manifest.ts";

/** What data must hold, by table: `users=8`, a file of such lines, a JSON object, or the manifest of a backup. */
export async function readExpected(given: readonly string[]): Promise<Counts> {
  const parts = await Promise.all(given.map(async (one) => ((await isFile(one)) ? fromFile(one) : fromLines(one, one))));
  return Object.assign({}, ...parts) as Counts;
}

/** Pure: in words with both numbers, each table that does not hold what was expected. A table that is not there holds nothing. */
export function differing(expected: Counts, found: Counts): string[] {
  return Object.entries(expected).flatMap(([table, rows]) => {
    const came = rowsOf(found, table);
    if (came === undefined) return [`${table}: ${counted(rows, "row")} expected, and there is no such table`];
    return came === rows ? [] : [`${table}: ${counted(rows, "row")} expected, ${came} came`];
  });
}

async function fromFile(path: string): Promise<Counts> {
  const text = (await readIfPresent(path)) ?? "";
  const manifest = parseManifestOrNone(text);
  if (manifest) return manifest;
  if (!text.trimStart().startsWith("{")) return fromLines(text, path);
  const counts = parseObject(text);
  const entries = Object.entries(counts ?? {});
  const wrong = entries.find(([, rows]) => !isCount(rows));
  if (!counts || entries.length === 0 || wrong)
    throw unreadable(path, wrong === undefined ? "it holds no counts" : `${wrong[0]} is no number of rows`);
  return counts as Counts;
}

function parseManifestOrNone(text: string): Counts | undefined {
  return parseManifest(text.trimStart().startsWith("{") ? text : "null")?.rows.snapshot;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function fromLines(text: string, where: string): Counts {
  const lines = text.split("\n").map((line) => line.replace(/#.*$/, "").trim());
  const counts: Counts = {};
  for (const [index, line] of lines.entries()) {
    if (line === "") continue;
    const [, table, rows] = /^([^=]+?)\s*=\s*(\d+)$/.exec(line) ?? [];
    if (table === undefined || !isCount(Number(rows))) throw unreadable(where, `line ${index + 1} is not TABLE=ROWS`);
    counts[table] = Number(rows);
  }
  if (Object.keys(counts).length === 0) throw unreadable(where, "it holds no counts");
  return counts;
}

const isCount = (rows: unknown): boolean => Number.isSafeInteger(rows) && Number(rows) >= 0;

function unreadable(where: string, cause: string): UsageError {
  const hint = "Write users=8, or name a file of such lines, a JSON object, or a backup's manifest.";
  return new UsageError({ operation: "read what to expect in", subject: where, cause, hint });
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
