import { createHash } from "node:crypto";

/** What tells scratch databases of one live database from those of others on the same server. */
export function suffix(app: string, database: string): string {
  return `_${createHash("sha256").update(`${app}\0${database}`).digest("hex").slice(0, 8)}`;
}
