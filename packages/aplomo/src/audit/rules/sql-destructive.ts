import { newest, statements } from "../ask/sql.ts";
import type { Found, Rule } from "../rule.ts";

export const sqlDestructive: Rule = {
  id: "sql-destructive",
  title: "a migration deletes data",
  area: "data",
  severity: "warning",
  why: "what it drops is gone when the release is taken back, and the release before, which still runs, asks for it; it may be meant, hence a warning; only the newest migration is looked at, those before have run",
  needs: ["sql"],
  example: { "prisma/migrations/20260101000000_next/migration.sql": 'ALTER TABLE "User" «DROP COLUMN "phone"¦ADD COLUMN "phone" TEXT»;\n' },
  check: (model) =>
    newest(model).flatMap((source) => {
      const all = statements(source);
      // Prisma rebuilds SQLite tables: what it drops was copied before.
      const copied = new Set(all.flatMap(({ text }) => /^\s*INSERT\s+INTO\s+"?new_(\w+)"?/i.exec(text)?.[1] ?? []));
      return all.flatMap(({ text, place }): Found[] => {
        const table = /^\s*DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?([\w."`]+)/i.exec(text)?.[1]?.replace(/["`]/g, "");
        const what =
          table !== undefined && !copied.has(table) && !/^(new_|_|tmp|temp)/i.test(table)
            ? `drops the table ${table}`
            : /^\s*ALTER\s+TABLE[\s\S]*\bDROP\s+COLUMN\b/i.test(text)
              ? "drops a column with its data"
              : /^\s*TRUNCATE\b/i.test(text)
                ? "empties a table"
                : /^\s*DELETE\s+FROM\s+[\w."`]+\s*$/i.test(text)
                  ? "deletes every row of a table"
                  : undefined;
        return what === undefined
          ? []
          : [
              {
                place,
                message: `this migration ${what}`,
                hint: "release the code that no longer needs it first, and drop it in a later release; an invariant in aplomo.yml (never_falls) stops a deploy that loses rows",
              },
            ];
      });
    }),
};
