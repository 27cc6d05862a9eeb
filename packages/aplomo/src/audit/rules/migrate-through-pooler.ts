import { expand } from "../../config/interpolate.ts";
import type { Found, Rule } from "../rule.ts";

export const migrateThroughPooler: Rule = {
  id: "migrate-through-pooler",
  title: "migrations go through a connection pooler",
  area: "data",
  severity: "warning",
  why: "Prisma takes a lock that belongs to a session, and a pooler hands sessions around: the lock stays taken or protects nothing, and the migration hangs or runs twice; often it goes well, hence a warning",
  needs: ["prisma"],
  example: {
    "prisma/schema.prisma":
      'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n«¦  directUrl = env("DIRECT_URL")\n»}\n',
    ".env.example": "DATABASE_URL=postgres://app@pool.example:6543/app?pgbouncer=true\n",
  },
  check: (model) =>
    model.prisma.flatMap((schema): Found[] => {
      if (schema.hasDirectUrl || schema.provider?.text !== "postgresql" || !schema.url) return [];
      const inEnv = model.envFiles.flatMap((file) => [...file.variables].map(([name, { value, place }]) => ({ name, value, place })));
      const inServices = model.services.flatMap((service) =>
        [...service.environment].map(([name, { text, place }]) => ({ name, value: expand(text ?? "", service.project.env), place })),
      );
      const pooled = [...inEnv, ...inServices].find(
        ({ name, value }) =>
          /^(DATABASE|POSTGRES)\w*_?UR[LI]$/.test(name) &&
          (/[?&]pgbouncer=true/.test(value) ||
            /^postgres(ql)?:\/\/[^/]*:6543\//.test(value) ||
            /^postgres(ql)?:\/\/[^/]*@?pgbouncer[:/]/.test(value)),
      );
      if (!pooled) return [];
      return [
        {
          place: schema.url,
          message: `${pooled.name} leads to a pooler, and there is no directUrl for migrations`,
          hint: 'add directUrl = env("DIRECT_URL") with the database\'s own address',
          related: [{ place: pooled.place, message: "the pooler" }],
        },
      ];
    }),
};
