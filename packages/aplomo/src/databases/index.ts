import type { Transform } from "node:stream";
import { UsageError } from "../base/errors.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../host/context.ts";
import type { Database, DumpReader } from "./contract.ts";
import { filtered, type LineFilter } from "./lines.ts";
import * as mariadbFilters from "./mariadb/filters.ts";
import { openMariadb } from "./mariadb/mariadb.ts";
import { InsertReader } from "./mariadb/reader.ts";
import { openMongodb } from "./mongodb/mongodb.ts";
import { ArchiveReader } from "./mongodb/reader.ts";
import * as postgresFilters from "./postgres/filters.ts";
import { openPostgres } from "./postgres/postgres.ts";
import { CopyReader } from "./postgres/reader.ts";
import { openSqlite } from "./sqlite/sqlite.ts";
import { FileReader } from "./sqlite/reader.ts";

/** Filters over the lines of an engine's plain dumps. */
interface Filters {
  onlyTable(table: string): LineFilter;
  anyDatabase(): LineFilter;
}

interface Engine {
  open(ctx: Context, config: Config, name: string): Database;
  reader(): DumpReader;
  /** Absent where a dump is no text. */
  filters?: Filters;
}

/** Every engine there is. */
export const engines: Record<string, Engine> = {
  postgres: { open: openPostgres, reader: () => new CopyReader(), filters: postgresFilters },
  mariadb: { open: openMariadb, reader: () => new InsertReader(), filters: mariadbFilters },
  mysql: { open: openMariadb, reader: () => new InsertReader(), filters: mariadbFilters },
  mongodb: { open: openMongodb, reader: () => new ArchiveReader() },
  sqlite: { open: openSqlite, reader: () => new FileReader() },
};

/** A database of aplomo.yml. Nothing is reached before a method is called. */
export function openDatabase(ctx: Context, config: Config, name: string): Database {
  const settings = config.settings.databases[name];
  if (!settings) {
    const known = Object.keys(config.settings.databases).join(", ") || "none";
    throw new UsageError({ operation: "find the database", subject: name, cause: `aplomo.yml has: ${known}`, hint: "Name one of these." });
  }
  return engine(settings.engine).open(ctx, config, name);
}

/** What reads the dumps of an engine, by the name that stands in a manifest. */
export function dumpReader(name: string): DumpReader {
  return engine(name).reader();
}

/** What lets one table of a plain dump through, with what it cannot do without; it fails when the dump does not have it. */
export function onlyTable(name: string, table: string): Transform {
  return filtered(filters(name).onlyTable(table));
}

/** What a plain dump of another tool's making goes through before it is loaded, so that it cannot reach another database than it is given. */
export function tamed(name: string): Transform {
  return filtered(filters(name).anyDatabase());
}

function filters(name: string): Filters {
  const found = engine(name).filters;
  if (found) return found;
  throw new UsageError({
    operation: "take apart",
    subject: `a dump of ${name}`,
    cause: "it is a whole file, and no text",
    hint: "Load all of it, and copy what is needed.",
  });
}

function engine(name: string): Engine {
  const found = engines[name];
  if (!found) {
    throw new UsageError({
      operation: "use the database engine",
      subject: name,
      cause: `this Aplomo knows ${Object.keys(engines).join(", ")}`,
    });
  }
  return found;
}
