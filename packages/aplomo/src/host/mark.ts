import { createHash } from "node:crypto";
import { resolve } from "node:path";

/** Six letters that tell one folder from others: an engine knows one thing of a name, and two homes of Aplomo's may have an application of the same. */
export function markOf(folder: string): string {
  return createHash("sha256").update(resolve(folder)).digest("hex").slice(0, 6);
}
