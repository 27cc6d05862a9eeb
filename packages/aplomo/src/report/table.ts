import type { Json } from "../base/events.ts";
import { text } from "./value.ts";
import type { Say } from "./lang/say.ts";

export type Row = { [name: string]: Json };

export function rows(value: Json | undefined): Row[] {
  return Array.isArray(value) ? (value as Row[]) : [];
}

export function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

export function tableOr(empty: string, head: string[], body: (Json | undefined)[][], say: Say): string[] {
  return body.length === 0 ? [empty] : table(head, body, say);
}

/** Columns as wide as their widest cell; empty when there is no row. */
export function table(head: string[], body: (Json | undefined)[][], say: Say): string[] {
  if (body.length === 0) return [];
  const cells = [head.map((name) => say(name)), ...body.map((row) => row.map((cell) => text(cell)))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
