import { counted } from "../base/count.ts";
import type { Json } from "../base/events.ts";

/** A value as a word: nothing is `-`, structures are JSON. */
export function text(value: Json | undefined): string {
  if (value === null || value === undefined) return "-";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** `7 rows`, of a number that came as data. */
export function countOf(value: Json | undefined, one: string): string {
  return typeof value === "number" ? counted(value, one) : `${text(value)} ${one}s`;
}
