import type { Rule } from "../rule.ts";
import { cut, voicesOf } from "../voices.ts";

const said =
  /P3009|P3018|failed migrations in the target database|Dirty database version|MigrationLockTableError|Migration table is already locked|Multiple head revisions|migration .{1,80} (?:failed|partially applied)/i;

export const migrationHalf: Rule = {
  id: "migration-half",
  title: "a migration was begun and not ended",
  why: "It failed in the middle, or was killed; its tool remembers that and refuses to go on. On MariaDB what it had done stays: nothing takes DDL back (I17).",
  next: "Read what it did, finish or take it back by hand, and tell the tool (`prisma migrate resolve`, `migrate force`, `knex migrate:unlock`); or take the data back: `aplomo backup restore`.",
  needs: [],
  check: (seen) => [
    ...(seen.databases ?? []).flatMap(({ name, halfMigrated }) =>
      halfMigrated.map((one) => ({
        subject: `database ${name}`,
        message: `migration ${one.name} was begun and not ended`,
        evidence: [`says ${one.tool}'s own table`],
        next: `See what it did, then ${one.repair}; or take the data back: \`aplomo backup restore\`.`,
      })),
    ),
    ...voicesOf(seen).flatMap((voice) => {
      const line = voice.well ? undefined : voice.lines.findLast((one) => said.test(one));
      return line ? [{ subject: voice.subject, message: "its migration tool refuses to go on", evidence: [cut(line)] }] : [];
    }),
  ],
};
