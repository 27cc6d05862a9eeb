import { UsageError } from "../../base/errors.ts";
import { Secret } from "../../base/secret.ts";
import type { Config } from "../../config/config.ts";
import type { Context } from "../../host/context.ts";
import type { Command } from "../../host/run.ts";
import { findService, type ServiceContainer } from "../service.ts";
import { placed, type Client } from "./client.ts";
import { findTools, type Tools } from "./tools.ts";
import { parseUrl, type Address } from "./url.ts";

/** Ways to one server; a client is looked for when it is asked for. */
export interface Ways {
  client: () => Promise<Client>;
  /**
   * Past the engine, straight to the container's address: what the engine carries out of a container costs more than the dump itself
   * does. Null when that cannot be, or nobody knows the password.
   */
  direct: (() => Promise<Client>) | null;
}

/** Finds how the database of this name is reached now. */
export async function connect(ctx: Context, config: Config, name: string): Promise<Ways> {
  const settings = config.settings.databases[name];
  const here = (): Promise<Tools> => findTools(ctx, (argv) => ({ argv }), "this machine");
  if (settings?.url !== undefined) {
    const address = parseUrl(settings.url.reveal(), name);
    return { client: async () => ({ where: "PATH", container: null, inside: false, address, tools: await here() }), direct: null };
  }
  if (settings?.service === undefined) {
    throw new UsageError({ operation: "reach the database", subject: name, cause: "it has neither `service` nor `url`" });
  }
  const found = await findService(ctx, config, name, settings.service);
  const [container, where] = [found.id, `container ${found.container}`];
  const place = (argv: readonly [string, ...string[]]): Command => placed({ container, inside: true }, argv);
  const address = await addressWithin(ctx, found, settings, place);
  const client = async (): Promise<Client> => ({ where, container, inside: true, address, tools: await findTools(ctx, place, where) });
  const outside = found.address === null || address.password === null ? null : { ...address, host: found.address };
  const direct = async (way: Address): Promise<Client> => ({ where: "PATH", container, inside: false, address: way, tools: await here() });
  return { client, direct: outside && (() => direct(outside)) };
}

/**
 * Over TCP, where the temporary server of a first start does not listen. Root when its password is known, for the application's
 * own user may neither make databases nor hold writers up.
 */
async function addressWithin(
  ctx: Context,
  { env }: ServiceContainer,
  settings: { user?: string | undefined; name?: string | undefined },
  place: (argv: readonly [string, ...string[]]) => Command,
): Promise<Address> {
  /** Each may come from a file inside the container instead. */
  const variable = async (name: string): Promise<string | undefined> => {
    for (const key of [`MARIADB_${name}`, `MYSQL_${name}`]) {
      if (env.get(key)) return env.get(key);
      const file = env.get(`${key}_FILE`);
      if (file) return (await ctx.host.run({ ...place(["cat", file]), timeout: 30_000 }, ctx.signal)).stdout.replace(/\n$/, "");
    }
    return undefined;
  };
  const root = await variable("ROOT_PASSWORD");
  const named = await variable("USER");
  const withoutPassword = ["MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD"].some((key) => env.get(key));
  const user = settings.user ?? (root !== undefined || withoutPassword ? "root" : named) ?? "root";
  const password = user === "root" ? root : user === named ? await variable("PASSWORD") : undefined;
  const database = settings.name ?? (await variable("DATABASE"));
  if (!database) {
    const hint = "Set `name` of the database in aplomo.yml.";
    throw new UsageError({ operation: "reach the database", subject: "name", cause: "the container has no MARIADB_DATABASE", hint });
  }
  return { host: "127.0.0.1", port: "3306", socket: null, user, password: password ? new Secret(password) : null, database, tls: null };
}
