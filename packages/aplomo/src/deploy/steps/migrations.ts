import { AplomoError } from "../../base/errors.ts";
import { repairOf, sayStanding, type Found } from "../../migrations/standing.ts";
import { migratedDatabase, standingOf } from "../migrations.ts";
import { keptMigrations } from "../migrations.ts";
import type { Step } from "../step.ts";

/** Where the migrations stand, by their tool's own table. One that failed half-way is refused here: no tool goes on over it. */
export function migrations(found: Found): Step {
  const [title = "", ...details] = sayStanding(found);
  return {
    id: "prepare.migrations",
    phase: "prepare",
    title: `look at the migrations: ${title}`,
    ...(details.length > 0 ? { details } : {}),
    async run(work) {
      const { settings } = work.config;
      const database = migratedDatabase(work.databases, settings);
      const now = database && (await standingOf(database, settings, await keptMigrations(work.facts.release)));
      if (!now) return {};
      const { tool, applied, pending, failed, edited, missing, skipped } = now;
      if (failed.length > 0) {
        throw new AplomoError({
          operation: "migrate",
          subject: `database ${database.name}`,
          cause: `by ${tool}'s own table, ${failed.join(", ")} failed half-way before this deploy`,
          hint: repairOf(tool),
        });
      }
      return { tool, applied: applied.length, pending, edited, missing, skipped };
    },
  };
}
