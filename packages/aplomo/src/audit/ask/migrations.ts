/** What a command does to a database's schema or data. */
export interface Migration {
  tool: string;
  act: "apply" | "dev" | "reset" | "push" | "force" | "status" | "seed" | "resolve";
}

const applies: [string, RegExp][] = [
  ["prisma", /^prisma migrate deploy\b/],
  ["alembic", /^alembic (.* )?upgrade\b/],
  ["django", /^(python[\d.]*|manage\.py) ?(\S*manage\.py )?migrate\b|^django-admin migrate\b/],
  ["flask", /^flask db upgrade\b/],
  ["knex", /^knex (.* )?migrate:(latest|up)\b/],
  ["sequelize", /^sequelize(-cli)? (.* )?db:migrate(?![:\w])/],
  ["typeorm", /^(typeorm|typeorm-ts-node-\w+) (.* )?migration:run\b/],
  ["drizzle", /^drizzle-kit (.* )?migrate\b/],
  ["rails", /^(rails|rake|bin\/rails) db:migrate(?![:\w])/],
  ["mikro-orm", /^mikro-orm (.* )?migration:up\b/],
  ["node-pg-migrate", /^(node-pg-migrate|db-migrate) (.* )?up\b/],
  ["migrate", /^(dbmate (.* )?(up|migrate)|goose .*\bup|migrate .*\bup|atlas migrate apply|flyway (.* )?migrate|liquibase (.* )?update)\b/],
  ["a script", /^(node|tsx|ts-node|bun|deno|python[\d.]*) (\S*\/)?migrat(e|ions?|or)(\.(m|c)?(j|t)s|\.py)?$/],
  ["artisan", /^php (.* )?artisan migrate(?![:\w])/],
];

/** What the words of a command, wrappers taken away, do; undefined: nothing to a schema. */
export function migrationOf(words: readonly string[]): Migration | undefined {
  const text = words.join(" ");
  const [tool = ""] = words;
  if (tool === "prisma") {
    if (/^prisma migrate reset\b/.test(text)) return { tool, act: "reset" };
    if (/^prisma migrate dev\b/.test(text)) return { tool, act: "dev" };
    if (/^prisma migrate status\b/.test(text)) return { tool, act: "status" };
    if (/^prisma migrate resolve\b/.test(text)) return { tool, act: "resolve" };
    if (/^prisma db push\b/.test(text)) return { tool, act: /--accept-data-loss|--force-reset/.test(text) ? "force" : "push" };
    if (/^prisma db seed\b/.test(text)) return { tool, act: "seed" };
  }
  if (/^drizzle-kit push\b/.test(text)) return { tool: "drizzle", act: /--force/.test(text) ? "force" : "push" };
  if (/^sequelize(-cli)? (.* )?db:(migrate:undo:all|drop)\b/.test(text)) return { tool: "sequelize", act: "reset" };
  if (/^(rails|rake|bin\/rails) db:(reset|drop|schema:load|setup)\b/.test(text)) return { tool: "rails", act: "reset" };
  if (/artisan migrate:(fresh|refresh|reset)\b/.test(text)) return { tool: "artisan", act: "reset" };
  if (/manage\.py flush\b/.test(text)) return { tool: "django", act: "reset" };
  if (/^typeorm (.* )?schema:(sync|drop)\b/.test(text)) return { tool: "typeorm", act: /drop/.test(text) ? "reset" : "push" };
  if (isSeed(words)) return { tool, act: "seed" };
  const found = applies.find(([, pattern]) => pattern.test(text));
  return found ? { tool: found[0], act: "apply" } : undefined;
}

function isSeed(words: readonly string[]): boolean {
  const text = words.join(" ");
  return (
    /^(node|tsx|ts-node|bun|deno|python[\d.]*) (\S+ )*?\S*seed\w*(\.(m|c)?(j|t)s|\.py)?$/i.test(text) ||
    /^(npm|pnpm|yarn|bun) (run )?\S*seed\S*$/.test(text) ||
    /^(knex (.* )?seed:run|sequelize(-cli)? (.* )?db:seed(:all)?|rails db:seed)\b/.test(text) ||
    /manage\.py loaddata\b/.test(text)
  );
}

/** It changes the schema: applies, pushes or resets. */
export function changesSchema(migration: Migration | undefined): migration is Migration {
  return migration !== undefined && migration.act !== "status" && migration.act !== "seed" && migration.act !== "resolve";
}
