import { counted } from "../../base/count.ts";
import { newest, statements } from "../ask/sql.ts";
import type { Found, Rule } from "../rule.ts";

export const concurrentIndex: Rule = {
  id: "concurrent-index",
  title: "CREATE INDEX CONCURRENTLY beside other statements",
  area: "data",
  severity: "warning",
  why: "PostgreSQL refuses it inside a transaction, and several statements sent together are one: the migration fails with P3018 and stays half applied; alone it works, hence a warning",
  needs: ["sql"],
  example: {
    "prisma/schema.prisma": 'datasource db { provider = "postgresql" }\n',
    "prisma/migrations/20260101000000_next/migration.sql":
      '«ALTER TABLE "User" ADD COLUMN "phone" TEXT;\n¦»CREATE INDEX CONCURRENTLY "user_phone" ON "User" ("phone");\n',
  },
  check: (model) =>
    newest(model).flatMap((source): Found[] => {
      if (!source.path.endsWith("/migration.sql")) return [];
      const all = statements(source);
      const found = all.find(({ text }) => /^\s*CREATE\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY\b/i.test(text));
      return found && all.length > 1
        ? [
            {
              place: found.place,
              message: `CONCURRENTLY stands beside ${counted(all.length - 1, "other statement")} in one migration`,
              hint: "give it a migration of its own",
            },
          ]
        : [];
    }),
};
