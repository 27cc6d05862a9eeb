import { joinPath } from "../model/kinds.ts";
import type { Found, Rule } from "../rule.ts";

export const prismaProvider: Rule = {
  id: "prisma-provider",
  title: "migrations are for another kind of database",
  area: "data",
  severity: "error",
  why: "`prisma migrate deploy` refuses (P3019) when migration_lock.toml names another provider than the schema: no release can be migrated any more",
  needs: ["prisma"],
  example: {
    "prisma/schema.prisma": 'datasource db {\n  provider = "«postgresql¦sqlite»"\n  url = env("DATABASE_URL")\n}\n',
    "prisma/migrations/migration_lock.toml": 'provider = "sqlite"\n',
  },
  check: (model) =>
    model.prisma.flatMap((schema): Found[] => {
      const lock = model.sources.get(joinPath(schema.folder, "migrations/migration_lock.toml") ?? "");
      const match = lock && /^\s*provider\s*=\s*"(\w+)"/m.exec(lock.text);
      if (!lock || !match || !schema.provider || match[1] === schema.provider.text) return [];
      return [
        {
          place: schema.provider.place,
          message: `the schema is for ${schema.provider.text}, and its migrations are for ${match[1]}`,
          hint: "start migrations anew for this provider: move the folder away and run prisma migrate dev once",
          related: [{ place: lock.at(match.index, match.index + match[0].length), message: "the migrations" }],
        },
      ];
    }),
};
