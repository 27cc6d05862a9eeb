import { brokenInvariants } from "../../backup/invariants.ts";
import { AplomoError, reason } from "../../base/errors.ts";
import { mask } from "../../deploy/gates/gate.ts";
import type { Session } from "../../deploy/session.ts";
import type { Part } from "../look.ts";
import type { Signal } from "../signal.ts";

/** Databases answer; looked at closely, what aplomo.yml says of their data holds. Counting reads whole tables, hence not every minute. */
export async function lookAtData(session: Session, deep: boolean): Promise<Part> {
  const signals: Signal[] = [];
  const numbers: Record<string, number> = {};
  for (const database of session.databases) {
    const rules = session.config.settings.databases[database.name]?.invariants ?? {};
    try {
      await database.check();
      const found = deep ? await brokenInvariants(database, rules) : { broken: [], numbers: {} };
      for (const [name, number] of Object.entries(found.numbers)) numbers[`${database.name}.${name}`] = number;
      signals.push(
        ...found.broken.map((message): Signal => {
          const next =
            "Compare with a backup: `aplomo backup restore latest --to look` puts one beside. `aplomo backup restore` puts it back.";
          return {
            key: `invariant:${database.name}:${message.split(":")[0]}`,
            level: "error",
            subject: database.name,
            message,
            next,
            evidence: [],
          };
        }),
      );
    } catch (error) {
      if (!(error instanceof AplomoError)) throw error;
      const message = mask(session, `it does not answer: ${reason(error)}`);
      signals.push({
        key: `database:${database.name}`,
        level: "error",
        subject: database.name,
        message,
        next: error.hint ?? null,
        evidence: [],
      });
    }
  }
  return { signals, ...(deep ? { numbers } : {}) };
}
