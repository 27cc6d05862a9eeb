import { join } from "node:path";
import type { Folder } from "./folder.ts";

export interface MigrationFind {
  run: string[];
  files: string | undefined;
  from: string;
  guess: boolean;
}

/** How the schema is brought up to date, by what the best known tools leave in a folder. */
export async function findMigration(
  folder: Folder,
  scripts: Record<string, string>,
  engine: string | undefined,
): Promise<MigrationFind | undefined> {
  if (await folder.has("prisma/schema.prisma")) {
    // A team's own, or what `init --generate` has written: it runs where Prisma's command line is not in the image.
    const own = await folder.first(["prisma/migrate.mjs", "prisma/migrate.js"]);
    const run = own === undefined ? ["npx", "prisma", "migrate", "deploy"] : ["node", own];
    return { run, files: await folder.first(["prisma/migrations"]), from: "prisma/", guess: false };
  }
  const alembic = await folder.text("alembic.ini");
  if (alembic !== undefined) {
    const place = /^\s*script_location\s*=\s*(?:%\(here\)s\/)?(\S+)/m.exec(alembic)?.[1] ?? "alembic";
    return { run: ["alembic", "upgrade", "head"], files: await folder.first([join(place, "versions")]), from: "alembic.ini", guess: false };
  }
  if (await folder.has("manage.py"))
    return { run: ["python", "manage.py", "migrate", "--noinput"], files: undefined, from: "manage.py", guess: false };
  const files = await migrationFolder(folder, engine);
  const script = ["migrate:deploy", "migrate", "db:migrate", "migration:run", "migrate:prod"].find((name) => scripts[name] !== undefined);
  if (script !== undefined) {
    const words = (scripts[script] ?? "").split(" ");
    const direct = words.length === 2 && words[0] === "node";
    return { run: direct ? words : ["npm", "run", script], files, from: `package.json, script ${script}`, guess: false };
  }
  if ((await folder.names()).some((name) => name.startsWith("drizzle.config.")))
    return { run: ["npx", "drizzle-kit", "migrate"], files: await folder.first(["drizzle"]), from: "drizzle.config", guess: true };
  if ((await folder.names()).some((name) => name.startsWith("knexfile.")))
    return { run: ["npx", "knex", "migrate:latest"], files, from: "knexfile", guess: true };
  if (await folder.has("db/migrate")) return { run: ["bin/rails", "db:migrate"], files: "db/migrate", from: "db/migrate/", guess: true };
  return undefined;
}

/** `migrations/postgres` where there is one for each engine. */
async function migrationFolder(folder: Folder, engine: string | undefined): Promise<string | undefined> {
  for (const place of ["migrations", "db/migrations", "src/migrations", "drizzle"]) {
    if (!(await folder.has(place))) continue;
    return (engine === undefined ? undefined : await folder.first([join(place, engine)])) ?? place;
  }
  return undefined;
}
