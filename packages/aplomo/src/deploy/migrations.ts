import { join } from "node:path";
import type { Settings } from "../config/schema.ts";
import type { Database } from "../databases/contract.ts";
import { readIfPresent, writeFileSafely } from "../host/files.ts";
import type { Files } from "../migrations/contract.ts";
import { readStanding, type Found } from "../migrations/standing.ts";
import type { ReleaseFolder } from "../targets/contract.ts";

/** The step in which the migration runs. Its mark says which file of SQL was begun last, and what the schema was before. */
export const migrateStep = "change.migrate";

/** The database that the release's migration changes: the one that is named, or the only one there is. */
export function migratedDatabase(databases: readonly Database[], { migrate }: Pick<Settings, "migrate">): Database | undefined {
  if (!migrate) return undefined;
  return migrate.database === undefined && databases.length === 1 ? databases[0] : databases.find(({ name }) => name === migrate.database);
}

/** Where it stands; undefined when no tool is known to be in use. */
export async function standingOf(
  database: Pick<Database, "read">,
  { migrate }: Pick<Settings, "migrate">,
  files: Files | null,
): Promise<Found | undefined> {
  return readStanding(database, { files, own: migrate?.run === undefined, table: migrate?.table });
}

/** A release's migrations are kept with it, so that `status` need not open its image. */
export async function keepMigrations(release: ReleaseFolder, files: Files): Promise<void> {
  const texts = Object.fromEntries(Object.entries(files).map(([path, content]) => [path, content.toString("base64")]));
  await writeFileSafely(fileOf(release), JSON.stringify(texts));
}

export async function keptMigrations(release: ReleaseFolder): Promise<Files | null> {
  const text = await readIfPresent(fileOf(release));
  if (text === undefined) return null;
  return Object.fromEntries(
    Object.entries(JSON.parse(text) as Record<string, string>).map(([path, content]) => [path, Buffer.from(content, "base64")]),
  );
}

const fileOf = (release: ReleaseFolder): string => join(release.path, "migrations.json");
