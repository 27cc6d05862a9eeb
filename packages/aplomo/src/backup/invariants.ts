import { counted } from "../base/count.ts";
import type { InvariantSettings } from "../config/schema.ts";
import type { Counts, Database } from "../databases/contract.ts";

/** Where invariants are asked, and what they are compared with. */
export interface Asked {
  /** A scratch database instead of the live one. */
  scratch?: string;
  /** Rows before the change, for `never_falls`. */
  before?: Counts | undefined;
}

/** The numbers found and, in words, each invariant that does not hold. */
export async function brokenInvariants(
  database: Database,
  rules: Record<string, InvariantSettings>,
  { scratch, before }: Asked = {},
): Promise<{ broken: string[]; numbers: Record<string, number> }> {
  const broken: string[] = [];
  const numbers: Record<string, number> = {};
  if (Object.keys(rules).length === 0) return { broken, numbers };
  const counts = await database.counts(scratch);
  for (const [name, invariant] of Object.entries(rules)) {
    const found = invariant.query === undefined ? rowsOf(counts, name) : await database.number(invariant.query, scratch);
    if (found !== undefined) numbers[name] = found;
    broken.push(...judge(name, invariant, found, before === undefined ? undefined : rowsOf(before, name)));
  }
  return { broken, numbers };
}

/** Pure: what one invariant says of a number. */
export function judge(name: string, invariant: InvariantSettings, found: number | undefined, before: number | undefined): string[] {
  if (found === undefined) return [`${name}: there is no such table`];
  const said: string[] = [];
  if (invariant.at_least !== undefined && found < invariant.at_least)
    said.push(`${name}: ${found}, at least ${invariant.at_least} expected`);
  if (invariant.at_most !== undefined && found > invariant.at_most) said.push(`${name}: ${found}, at most ${invariant.at_most} expected`);
  if (invariant.exactly !== undefined && found !== invariant.exactly) said.push(`${name}: ${found}, exactly ${invariant.exactly} expected`);
  if (invariant.never_falls && before !== undefined && found < before)
    said.push(`${name}: ${found}, before the change ${before}: ${counted(before - found, "row is", "rows are")} missing`);
  return said;
}

/** A table may be written with or without its schema: `monthly_kpis`, `public.monthly_kpis`. */
export function rowsOf(counts: Counts, table: string): number | undefined {
  // The usual schema is left out in counts.
  const found = counts[table] ?? counts[table.replace(/^public\./, "")];
  if (found !== undefined) return found;
  const named = Object.keys(counts).filter((name) => name.endsWith(`.${table}`));
  return named.length === 1 ? counts[named[0] ?? ""] : undefined;
}
