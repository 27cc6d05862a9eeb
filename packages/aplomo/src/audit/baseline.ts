import { UsageError } from "../base/errors.ts";
import type { Finding } from "./audit.ts";

/** The file that is looked for where no other is named. */
export const baselineName = ".aplomo-audit.json";

/** What is known and accepted for now, by fingerprint; the rest of each line is for its reader. */
export function writeBaseline(findings: readonly Finding[]): string {
  const known = Object.fromEntries(
    findings.map((one) => [one.fingerprint, `${one.rule.id} ${one.place.file}`]).sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
  );
  return `${JSON.stringify({ version: 1, known }, null, 2)}\n`;
}

export function readBaseline(path: string, text: string): Set<string> {
  try {
    const read = JSON.parse(text) as { version?: unknown; known?: unknown };
    if (read.version === 1 && typeof read.known === "object" && read.known !== null) return new Set(Object.keys(read.known));
  } catch {
    // Told below.
  }
  throw new UsageError({
    operation: "read",
    subject: path,
    cause: "it is no baseline of aplomo audit",
    hint: "write it anew: aplomo audit --write-baseline",
  });
}
