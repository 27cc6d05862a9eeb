import type { Config } from "../config/config.ts";
import type { Context } from "../host/context.ts";
import type { Database } from "./contract.ts";

type Open = (ctx: Context, config: Config, name: string) => Database;

/** As the table of `index.ts`, which has them all; a command that only looks should not pay for the engines it does not have. */
export const openers: Record<string, () => Promise<Open>> = {
  postgres: async () => (await import("./postgres/postgres.ts")).openPostgres,
  mariadb: async () => (await import("./mariadb/mariadb.ts")).openMariadb,
  mysql: async () => (await import("./mariadb/mariadb.ts")).openMariadb,
  mongodb: async () => (await import("./mongodb/mongodb.ts")).openMongodb,
  sqlite: async () => (await import("./sqlite/sqlite.ts")).openSqlite,
};

/** Loads the drivers of aplomo.yml's databases; what it gives back opens them all, for any context. Nothing is reached yet. */
export async function loadDatabases(config: Config): Promise<(ctx: Context) => Database[]> {
  const loaded = Object.entries(config.settings.databases).map(async ([name, { engine }]) => {
    const load = openers[engine];
    if (!load) throw new Error(`no driver for ${engine}`);
    const open = await load();
    return (ctx: Context) => open(ctx, config, name);
  });
  const open = await Promise.all(loaded);
  return (ctx) => open.map((one) => one(ctx));
}
