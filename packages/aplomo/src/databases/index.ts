import { UsageError } from "../base/errors.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../host/context.ts";
import type { Database, DumpReader } from "./contract.ts";
import { openMariadb } from "./mariadb/mariadb.ts";
import { InsertReader } from "./mariadb/reader.ts";
import { openPostgres } from "./postgres/postgres.ts";
import { CopyReader } from "./postgres/reader.ts";
import { openSqlite } from "./sqlite/sqlite.ts";
import { FileReader } from "./sqlite/reader.ts";

interface Engine {
  open(ctx: Context, config: Config, name: string): Database;
  reader(): DumpReader;
}

/** Every engine there is. */
const engines: Record<string, Engine> = {
  postgres: { open: openPostgres, reader: () => new CopyReader() },
  mariadb: { open: openMariadb, reader: () => new InsertReader() },
  mysql: { open: openMariadb, reader: () => new InsertReader() },
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
