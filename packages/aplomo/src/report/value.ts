import type { Json } from "../base/events.ts";

/** A value as a word: nothing is `-`, structures are JSON. */
export function text(value: Json | undefined): string {
  if (value === null || value === undefined) return "-";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
