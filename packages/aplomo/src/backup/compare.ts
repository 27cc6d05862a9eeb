import type { Checksums, Counts, Sequences } from "../databases/contract.ts";

type Compared = Counts | Sequences | Checksums;

/** In words, with both numbers, each name whose count is not the wanted one. What is absent counts as 0. */
export function compareCounts(wanted: Compared, found: Compared, where: { wanted: string; found: string }): string[] {
  return [...new Set([...Object.keys(wanted), ...Object.keys(found)])]
    .filter((name) => (wanted[name] ?? 0) !== (found[name] ?? 0))
    .sort()
    .map((name) => `${name}: ${wanted[name] ?? 0} ${where.wanted}, ${found[name] ?? 0} ${where.found}`);
}

/** The first few of a list, and how many more there are. */
export function some(differences: readonly string[], most = 5): string {
  const more = differences.length - most;
  return differences.slice(0, most).join("; ") + (more > 0 ? `; and ${more} more` : "");
}

export function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
