import { existsSync, realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { Config } from "../../config/config.ts";
import type { Pm2Settings } from "../../config/schema.ts";
import type { Context } from "../../host/context.ts";
import { UsageError } from "../../base/errors.ts";
import { matcher } from "./globs.ts";
import { below, combine, contents, walk, type Entry } from "../tree.ts";

/** The folder a release is copied from, and what of it is left out. */
export interface Source {
  root: string;
  leaveOut: (path: string) => boolean;
}

export function openSource(ctx: Context, config: Config, target: Pm2Settings, pm2Home: string): Source {
  const root = real(resolve(config.directory, target.source));
  const excluded = matcher([".git", ...(target.install ? ["node_modules"] : []), ...target.exclude]);
  const apart = [envFile(config), ctx.home, pm2Home, ...databaseFiles(config)].filter((path) => path !== undefined);
  // Absolute paths as they are without links: the folder may be reached by another name.
  const inside = new Set(apart.map((path) => relative(root, real(path))).filter((path) => !path.startsWith("..")));
  return {
    root,
    leaveOut: (path) => inside.has(path) || excluded(path),
  };
}

/** The files a release would have, hashed: what `stage` copies, before `install` adds to it. */
export async function readSource(source: Source): Promise<{ entries: Entry[]; files: Record<string, string> }> {
  const entries = await walk(source.root, source.leaveOut);
  return { entries, files: await contents(entries, source.root) };
}

/** One hash for the release's migrations; null when aplomo.yml does not say where they are. */
export function migrationsHash(config: Config, files: Record<string, string>): string | null {
  const folder = config.settings.migrate?.files;
  if (folder === undefined) return null;
  const found = below(files, folder);
  if (Object.keys(found).length > 0) return combine(found);
  throw new UsageError({
    operation: "find",
    subject: `migrate.files: ${folder}`,
    cause: "the release has no file there",
    hint: "The path starts from target.source; leave `migrate.files` out to run the migration at every deploy.",
  });
}

/** The migrations' files by their path in their folder. */
export async function readMigrations(root: string, folder: string, leaveOut: Source["leaveOut"]): Promise<Record<string, Buffer>> {
  const place = folder.replace(/^\.\//, "").replace(/\/+$/, "");
  const files = (await walk(root, leaveOut)).filter(({ kind, path }) => kind === "file" && path.startsWith(`${place}/`));
  const read = files.map(async ({ path }) => [path.slice(place.length + 1), await readFile(join(root, path))] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** SQLite's files of one database: what is committed may still be in the two beside it. */
export function databaseFiles(config: Config): string[] {
  const files = Object.values(config.settings.databases).flatMap(({ engine, file }) => (engine === "sqlite" && file ? [file] : []));
  return files.flatMap((file) => ["", "-wal", "-shm", "-journal"].map((end) => resolve(config.directory, file) + end));
}

export function isInside(folder: string, path: string): boolean {
  return path === folder || real(path).startsWith(real(folder) + sep);
}

function envFile(config: Config): string | undefined {
  const { file } = config.settings.env;
  return file === undefined ? undefined : resolve(config.directory, file);
}

/** The path without symbolic links, as far as it exists. */
function real(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}
