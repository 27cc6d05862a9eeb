import { UsageError } from "../../base/errors.ts";
import { Secret } from "../../base/secret.ts";
import type { Config } from "../../config/config.ts";
import type { DatabaseSettings } from "../../config/schema.ts";
import type { Context } from "../../host/context.ts";
import { findService, type ServiceContainer } from "../service.ts";
import { placed, type Client } from "./client.ts";
import { findTools, noTools } from "./tools.ts";
import { parseUrl, uriOf } from "./url.ts";

/** Finds how the database of this name is reached now. */
export async function connect(ctx: Context, config: Config, name: string): Promise<Client> {
  const settings = config.settings.databases[name];
  if (settings?.url !== undefined) {
    const { uri, database } = parseUrl(settings.url.reveal(), name);
    const tools = await findTools(ctx, (argv) => ({ argv }));
    if (tools === undefined) throw noTools(["this machine"]);
    return { where: "PATH", container: null, tools, database, uri, toolUri: uri };
  }
  if (settings?.service === undefined) {
    throw new UsageError({ operation: "reach the database", subject: name, cause: "it has neither `service` nor `url`" });
  }
  return connectService(ctx, await findService(ctx, config, name, settings.service), name, settings);
}

/** The container's own programs, for they are of its server's time; else this machine's. */
async function connectService(ctx: Context, found: ServiceContainer, name: string, settings: DatabaseSettings): Promise<Client> {
  const account = await accountWithin(ctx, found, settings);
  const database = settings.name ?? found.env.get("MONGO_INITDB_DATABASE");
  if (!database) {
    const hint = "Set `name` of the database in aplomo.yml.";
    throw new UsageError({ operation: "reach the database", subject: name, cause: "the container has no MONGO_INITDB_DATABASE", hint });
  }
  if (found.address === null) {
    throw new UsageError({
      operation: "reach the database",
      subject: name,
      cause: `container ${found.container} is in no network of this machine`,
      hint: "Run Aplomo where the container runs, or set `url` in place of `service`.",
    });
  }
  const uri = uriOf(found.address, account);
  const within = await findTools(ctx, (argv) => placed(found.id, argv));
  if (within !== undefined) {
    const toolUri = uriOf("127.0.0.1", account);
    return { where: `container ${found.container}`, container: found.id, tools: within, database, uri, toolUri };
  }
  const tools = await findTools(ctx, (argv) => ({ argv }));
  if (tools === undefined) throw noTools([`container ${found.container}`, "this machine"]);
  return { where: "PATH", container: null, tools, database, uri, toolUri: uri };
}

/** Root, for the application's own user may neither make databases nor list them; null where nobody is asked who they are. */
async function accountWithin(
  ctx: Context,
  { id, env, container }: ServiceContainer,
  settings: DatabaseSettings,
): Promise<{ user: string; password: Secret } | null> {
  /** Each may come from a file inside the container instead. */
  const variable = async (key: string): Promise<string | undefined> => {
    if (env.get(key)) return env.get(key);
    const file = env.get(`${key}_FILE`);
    return file ? (await ctx.host.run({ ...placed(id, ["cat", file]), timeout: 30_000 }, ctx.signal)).stdout.replace(/\n$/, "") : undefined;
  };
  const root = await variable("MONGO_INITDB_ROOT_USERNAME");
  if (settings.user !== undefined && settings.user !== root) {
    throw new UsageError({
      operation: "log in as",
      subject: settings.user,
      cause: `container ${container} tells the password of MONGO_INITDB_ROOT_USERNAME alone`,
      hint: "Leave `user` out, or set `url` in place of `service`.",
    });
  }
  const password = await variable("MONGO_INITDB_ROOT_PASSWORD");
  return root !== undefined && password !== undefined ? { user: root, password: new Secret(password) } : null;
}
