import { createHash } from "node:crypto";
import type { Counts, Schema } from "./contract.ts";

/** SHA-256 over a schema's parts in a fixed order. */
export function fingerprintOf(schema: Schema): string {
  const hash = createHash("sha256");
  for (const part of Object.keys(schema).sort()) hash.update(JSON.stringify([part, schema[part]]));
  return hash.digest("hex");
}

/** The first 12 digits of a hash of each part: enough to name the part that differs. */
export function outlineOf(schema: Schema): Record<string, string> {
  return Object.fromEntries(
    Object.entries(schema).map(([part, text]) => [part, createHash("sha256").update(text).digest("hex").slice(0, 12)]),
  );
}

/** How many parts there are of each kind. */
export function countParts(schema: Schema): Counts {
  const counts: Counts = {};
  for (const part of Object.keys(schema)) {
    const kind = part.slice(0, part.indexOf(":"));
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
