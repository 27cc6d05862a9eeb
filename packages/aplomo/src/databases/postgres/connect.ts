import { UsageError } from "../../base/errors.ts";
import { Secret } from "../../base/secret.ts";
import type { Config } from "../../config/config.ts";
import type { Context } from "../../host/context.ts";
import type { Client } from "./client.ts";
import { findService } from "../service.ts";
import { findTools, newestOf, type Tools } from "./tools.ts";
import { parseUrl } from "./url.ts";

/** Names under which images put what they were set up with: the official one's, then Bitnami's. */
const names = {
  user: ["POSTGRES_USER", "POSTGRESQL_USERNAME"],
  database: ["POSTGRES_DB", "POSTGRESQL_DATABASE"],
  password: ["POSTGRES_PASSWORD", "POSTGRESQL_PASSWORD"],
};

/** Ways to one server. */
export interface Ways {
  client: Client;
  /**
   * Past the engine, straight to the container's address: what the engine carries out of a container costs more than the dump itself
   * does. Null when that cannot be, or nobody knows the password.
   */
  direct: Client | null;
  /** This machine's programs, where it is known already that there are no others: each that is asked costs as much as a query. */
  tools: Tools[] | null;
}

/** Finds how the database of this name is reached now. */
export async function connect(ctx: Context, config: Config, name: string): Promise<Ways> {
  const settings = config.settings.databases[name];
  if (settings?.url !== undefined) return byUrl(ctx, settings.url.reveal(), name);
  if (settings?.service !== undefined) return byService(ctx, config, name, settings.service);
  throw new UsageError({ operation: "reach the database", subject: name, cause: "it has neither `service` nor `url`" });
}

async function byUrl(ctx: Context, url: string, name: string): Promise<Ways> {
  const { database, user, env } = parseUrl(url, name);
  const tools = await findTools(ctx);
  const { where, bin } = newestOf(tools);
  return { client: { where, container: null, inside: false, bin, database, user, env }, direct: null, tools };
}

async function byService(ctx: Context, config: Config, name: string, service: string): Promise<Ways> {
  const { id, container, env, address } = await findService(ctx, config, name, service);
  const settings = config.settings.databases[name];
  const first = (keys: string[]): string | undefined => keys.map((key) => env.get(key)).find((value) => value);
  const user = settings?.user ?? first(names.user) ?? "postgres";
  const database = settings?.name ?? first(names.database) ?? user;
  const password = first(names.password);
  // The password is of the user the container was made with; another user gets in by the container's own rules.
  const known: Client["env"] =
    password !== undefined && user === (first(names.user) ?? "postgres") ? { PGPASSWORD: new Secret(password) } : {};
  const client: Client = { where: `container ${container}`, container: id, inside: true, bin: null, database, user, env: known };
  if (address === null || !known["PGPASSWORD"]) return { client, direct: null, tools: null };
  const port = env.get("PGPORT") || "5432";
  return {
    client,
    tools: null,
    direct: { ...client, inside: false, env: { ...known, PGHOST: address, PGPORT: port, PGUSER: user, PGCONNECT_TIMEOUT: "3" } },
  };
}
