import { newest, statements } from "../ask/sql.ts";
import type { Found, Rule } from "../rule.ts";

export const sqlLocking: Rule = {
  id: "sql-locking",
  title: "a migration holds up everybody else",
  area: "data",
  severity: "info",
  why: "CREATE INDEX stops all writes to its table while it works, and a column that must not be empty fails where rows exist; on small tables nobody notices, hence info",
  needs: ["sql"],
  example: {
    "prisma/schema.prisma": 'datasource db { provider = "postgresql" }\n',
    "prisma/migrations/20260101000000_next/migration.sql": 'ALTER TABLE "User" ADD COLUMN "phone" TEXT NOT NULL«¦ DEFAULT \'\'»;\n',
  },
  check: (model) =>
    newest(model).flatMap((source) => {
      const postgres =
        model.prisma.some((one) => one.provider?.text === "postgresql") ||
        /postgres|\bpg\b/.test(source.path) ||
        model.services.some((service) => service.kind === "postgres");
      if (!postgres || /sqlite|mysql/.test(source.path)) return [];
      const all = statements(source);
      const created = new Set(all.flatMap(({ text }) => /^\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w."]+)/i.exec(text)?.[1] ?? []));
      return all.flatMap(({ text, place }): Found[] => {
        const index = /^\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)[\s\S]*?\bON\s+(?:ONLY\s+)?([\w."]+)/i.exec(text);
        if (index && !created.has(index[1] ?? ""))
          return [
            {
              place,
              message: `writes to ${index[1]?.replaceAll('"', "")} wait until this index is built`,
              hint: "on a large table build it with CREATE INDEX CONCURRENTLY, alone in its migration",
            },
          ];
        const added =
          /^\s*ALTER\s+TABLE\s+([\w."]+)[\s\S]*\bADD\s+(?:COLUMN\s+)?(?!CONSTRAINT|PRIMARY|UNIQUE|FOREIGN|CHECK)[\w."]+\s+[^,]*\bNOT\s+NULL\b(?![^,]*\bDEFAULT\b)/i.exec(
            text,
          );
        if (added && !/\bDEFAULT\b|GENERATED|SERIAL/i.test(text) && !created.has(added[1] ?? ""))
          return [
            {
              place,
              severity: "warning",
              message: `a column that must not be empty has no default: this fails when ${added[1]?.replaceAll('"', "")} has rows`,
              hint: "add it with a default, or empty first, filled in, and then NOT NULL",
            },
          ];
        return [];
      });
    }),
};
