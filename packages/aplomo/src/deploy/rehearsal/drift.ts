import { reason } from "../../base/errors.ts";
import { scratchName, type Database } from "../../databases/contract.ts";
import { tools } from "../../migrations/tools/index.ts";
import { scriptsOf } from "../../migrations/standing.ts";
import { keptMigrations, standingOf } from "../migrations.ts";
import type { Work } from "../step.ts";
import type { Shape } from "./narrowing.ts";

const purpose = "drift";

/**
 * Tables, columns and indexes that the release's migrations make of an empty database and the migrated copy lacks, or has beyond them.
 * Told only where the migrations are SQL files: the tools of others are programs of the application. `make` opens databases beside the copy.
 */
export async function drift(work: Work, copy: Pick<Database, "read">, make: Database, found: Shape): Promise<string[] | undefined> {
  const { settings } = work.config;
  const files = await keptMigrations(work.facts.release);
  const standing = files && (await standingOf(copy, settings, files));
  const scripts = files && standing ? scriptsOf(standing.tool, files) : undefined;
  if (!scripts) return undefined;
  const scratch = driftName(work);
  const options = { lockTimeout: 60_000, limit: settings.migrate?.time_limit ?? 60_000 };
  try {
    await make.createScratch(scratch);
    for (const text of scripts) await make.apply([text], { ...options, transaction: false }, scratch);
    return differences({ columns: await make.columns(scratch), schema: await make.schema(scratch) }, found);
  } catch (error) {
    work.ctx.signal.throwIfAborted();
    return [`cannot be told: the migrations do not run on an empty database: ${reason(error)}`];
  } finally {
    await make.dropScratch(scratch).catch(() => {});
  }
}

/** The empty database, which a crash may leave. */
export function driftName(work: Pick<Work, "facts">): string {
  return scratchName(purpose, work.facts.deployment);
}

/** Tables that migration tools keep for themselves, and their indexes. */
const kept = [...tools.flatMap(({ tables }) => tables.map(({ table }) => table)), "schema_migrations"];
const isKept = (name: string): boolean => kept.some((table) => new RegExp(String.raw`(^|\.)${table}($|[._])`).test(name));

/** Pure: in words, by name. */
export function differences(promised: Shape, found: Shape): string[] {
  const lacks = namesOf(promised).filter((name) => !namesOf(found).includes(name));
  const beyond = namesOf(found).filter((name) => !namesOf(promised).includes(name));
  return [...lacks.map((name) => `${name} is promised, and missing`), ...beyond.map((name) => `${name} is in no migration`)];
}

/** A table that is there or not says all of its columns and indexes. */
function namesOf({ columns, schema }: Shape): string[] {
  const tables = Object.keys(columns).filter((table) => !isKept(table));
  const own = tables.flatMap((table) => [
    `table ${table}`,
    ...Object.keys(columns[table] ?? {}).map((column) => `column ${table}.${column}`),
  ]);
  const indexes = Object.keys(schema).filter((part) => part.startsWith("index: ") && !isKept(part.slice("index: ".length)));
  return [...own, ...indexes.map((part) => part.replace(": ", " "))];
}
