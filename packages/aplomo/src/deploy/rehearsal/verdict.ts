import { counted } from "../../base/count.ts";
import type { Counts, Schema } from "../../databases/contract.ts";

export const rehearsalStep = "rehearse.release";

/** `compatible`: the current release works on the migrated data; `breaking`: it does not; `refused`: the new release must not be deployed. */
export type Verdict = "compatible" | "breaking" | "refused";

/** What was seen on the copy, in words; empty lists are good news. */
export interface Findings {
  /** The migration, a job or an invariant failed, or the new release does not work on its own data. */
  broken: string[];
  /** What the current release cannot do on the migrated data; null when none runs. */
  outdated: string[] | null;
}

/** Pure. */
export function decide({ broken, outdated }: Findings): Verdict {
  if (broken.length > 0) return "refused";
  return outdated === null || outdated.length === 0 ? "compatible" : "breaking";
}

/** Pure: tables whose rows became more or fewer, or that came or went. */
export function rowChanges(before: Counts, after: Counts): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.flatMap((name) => {
    const [from, to] = [before[name], after[name]];
    if (from === to) return [];
    if (from === undefined) return [`${name}: new, ${counted(to ?? 0, "row")}`];
    return [to === undefined ? `${name}: gone, with ${counted(from, "row")}` : `${name}: ${from} -> ${to}`];
  });
}

/** Pure: parts of a schema that came, went or read differently. */
export function schemaChanges(before: Schema, after: Schema): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.flatMap((name) => {
    if (before[name] === after[name]) return [];
    if (before[name] === undefined) return [`${name}: new`];
    return [after[name] === undefined ? `${name}: gone` : `${name}: changed`];
  });
}
