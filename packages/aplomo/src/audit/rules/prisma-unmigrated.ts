import { joinPath } from "../model/kinds.ts";
import type { Found, Rule } from "../rule.ts";

export const prismaUnmigrated: Rule = {
  id: "prisma-unmigrated",
  title: "the schema names what no migration creates",
  area: "data",
  severity: "warning",
  why: "the code asks for a table or column that production does not have: P2021 or P2022 at the first request; tables that others made are known only to the database, hence a warning",
  incident: "I1: code expected a column that production lacked",
  needs: ["prisma"],
  example: {
    "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n  «phone¦email» String?\n}\n',
    "prisma/migrations/20260101000000_first/migration.sql": 'CREATE TABLE "User" ("id" INTEGER NOT NULL, "email" TEXT);\n',
  },
  check: (model) =>
    model.prisma.flatMap((schema): Found[] => {
      const folder = `${joinPath(schema.folder, "migrations") ?? ""}/`;
      const all = model.sql
        .filter((source) => source.path.startsWith(folder))
        .map((source) => source.text)
        .join("\n");
      if (all === "" || schema.provider?.text === "mongodb") return [];
      const names = new Set([...all.matchAll(/["`]([^"`\n]{1,63})["`]/g)].map(([, name]) => name ?? ""));
      const has = (name: string): boolean => names.has(name) || new RegExp(`\\b${name.replace(/[^\w]/g, ".")}\\b`).test(all);
      const missing = schema.models.flatMap((one): Found[] => {
        const hint = "run `prisma migrate dev --name ...` on your machine and commit what it writes";
        if (!has(one.table)) return [{ place: one.place, message: `no migration creates the table ${one.table}`, hint }];
        return one.columns
          .filter((column) => !has(column.name))
          .map((column) => ({ place: column.place, message: `no migration creates ${one.table}.${column.name}`, hint }));
      });
      return missing;
    }),
};
