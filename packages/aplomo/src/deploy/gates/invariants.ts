import type { Evidence } from "../../base/events.ts";
import { brokenInvariants } from "../../backup/invariants.ts";
import type { Counts, Database } from "../../databases/contract.ts";
import type { Step, Work } from "../step.ts";
import { servesOn } from "../way.ts";
import { GateError } from "./gate.ts";

/**
 * What aplomo.yml says must hold of the data does hold: asked after the change, before any request flows, and again of the
 * serving release, whose users may well have removed rows, so that `never_falls` is asked the first time only, and on the copy where the
 * change is made live; and not of a restored backup, which has fewer rows because it is older.
 */
export function invariants(phase: "change" | "prove"): Step {
  return {
    id: `${phase}.invariants`,
    phase,
    title: "check that the data's invariants hold",
    async run(work) {
      const evidence: Evidence = {};
      for (const database of work.databases) {
        const { broken, numbers } = await checkInvariants(
          work,
          database,
          phase === "change" && work.facts.change === "migrate" && !servesOn(work),
        );
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
  const rules = work.config.settings.databases[database.name]?.invariants ?? {};
  return brokenInvariants(database, rules, { before: compare ? countsBefore(work, database.name) : undefined });
}

/** Rows in the backup taken before the change. */
function countsBefore(work: Work, database: string): Counts | undefined {
  const evidence = work.evidenceOf(`change.backup.${database}`) ?? work.evidenceOf(`protect.backup.${database}`);
  return evidence?.["rows"] as Counts | undefined;
}
