import type { Evidence } from "../../base/events.ts";
import type { InvariantSettings } from "../../config/schema.ts";
import type { Counts, Database } from "../../databases/contract.ts";
import type { Step, Work } from "../step.ts";
import { GateError } from "./gate.ts";

/**
 * What aplomo.yml says must hold of the data does hold: asked after the change, before any request flows, and again of the
 * serving release, whose users may well have removed rows, so that `never_falls` is asked the first time only; and not of a
 * restored backup, which has fewer rows because it is older.
 */
export function invariants(phase: "change" | "prove"): Step {
  return {
    id: `${phase}.invariants`,
    phase,
    title: "check that the data's invariants hold",
    async run(work) {
      const evidence: Evidence = {};
      for (const database of work.databases) {
        const { broken, numbers } = await checkInvariants(work, database, phase === "change" && work.facts.change === "migrate");
        if (broken.length > 0)
          throw new GateError("invariant", database.name, broken.join("; "), { database: database.name, broken, numbers });
        if (Object.keys(numbers).length > 0) evidence[database.name] = numbers;
      }
      return evidence;
    },
  };
}

/** The numbers found and, in words, each invariant that does not hold. */
export async function checkInvariants(
  work: Work,
  database: Database,
  compare: boolean,
): Promise<{ broken: string[]; numbers: Record<string, number> }> {
  const wanted = Object.entries(work.config.settings.databases[database.name]?.invariants ?? {});
  const broken: string[] = [];
  const numbers: Record<string, number> = {};
  if (wanted.length === 0) return { broken, numbers };
  const counts = await database.counts();
  const before = compare ? countsBefore(work, database.name) : undefined;
  for (const [name, invariant] of wanted) {
    const found = invariant.query === undefined ? rowsOf(counts, name) : await database.number(invariant.query);
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
    said.push(`${name}: ${found}, before the change ${before}: ${before - found} rows are missing`);
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

/** Rows in the backup taken before the change. */
function countsBefore(work: Work, database: string): Counts | undefined {
  const evidence = work.evidenceOf(`change.backup.${database}`) ?? work.evidenceOf(`protect.backup.${database}`);
  return evidence?.["rows"] as Counts | undefined;
}
