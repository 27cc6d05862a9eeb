import { AplomoError, reason } from "../../base/errors.ts";
import type { Config } from "../../config/config.ts";
import type { Context } from "../../host/context.ts";
import { suffix } from "../names.ts";
import { Session } from "../session.ts";
import { clientCommand, psqlCommand, type Client } from "./client.ts";
import { connect } from "./connect.ts";
import { psqlTalk } from "./session.ts";
import { liftFence } from "./swap.ts";
import { chooseTools, findTools, refuseOlder, toolVersion, type Tools } from "./tools.ts";

/** The oldest version whose catalogues are read as they are here. */
const oldest = 12;

/** A server that answered, and what it is talked to with. */
export interface Reached {
  client: Client;
  version: string;
  tool: string;
  /** Size of the live database when it was reached. */
  bytes: number;
  /** Ends the names of this database's scratch databases. */
  end: string;
  place: (scratch: string) => string;
}

export async function reach(ctx: Context, config: Config, name: string): Promise<Reached> {
  const { client, direct, tools: known } = await connect(ctx, config, name);
  const straight = direct && (await reachDirectly(ctx, direct));
  const { answer, tools } = straight ?? (await reachBy(ctx, client, known));
  const { version, bytes } = answer;
  const major = Number.parseInt(version, 10);
  if (major < oldest) {
    throw new AplomoError({
      operation: "use",
      subject: `database ${name}`,
      cause: `PostgreSQL ${version} is older than ${oldest}, the oldest Aplomo knows`,
    });
  }
  const end = suffix(config.settings.app, client.database);
  const place = (scratch: string): string => `${scratch}${end}`;
  const chosen = chooseTools(tools, major) ?? tools[0];
  if (!chosen) throw new AplomoError({ operation: "find", subject: `pg_dump in ${client.where}`, cause: "it is not there" });
  refuseOlder(name, version, major, chosen.version, chosen.major, chosen.where);
  const { bin, where } = chosen;
  const used = { ...(straight && direct ? direct : client), bin, where };
  return { client: used, tool: chosen.version, bytes, version: version.split(" ")[0] ?? version, end, place };
}

/** A database to be connected to while others are created, dropped and renamed. */
export function maintenance(client: Client): string {
  return client.database === "postgres" ? "template1" : "postgres";
}

/** Whether connections are let in, also after a swap that was broken off by a crash of the server. */
export function mend(ctx: Context, client: Client): Promise<boolean> {
  const lift = (): Promise<boolean> =>
    Session.use(ctx, psqlTalk, psqlCommand(client, maintenance(client)), `database ${client.database}`, (session) =>
      liftFence(session, client.database),
    );
  return lift().catch((error: unknown) => {
    // Two at the same moment: the server refuses one of them.
    if (/concurrently updated/.test(reason(error))) return lift();
    throw error;
  });
}

interface Answer {
  version: string;
  bytes: number;
}

function ask(ctx: Context, client: Client): Promise<Answer> {
  return Session.use(ctx, psqlTalk, psqlCommand(client, client.database), `database ${client.database}`, (session) =>
    session.row<Answer>(`SELECT pg_catalog.current_setting('server_version') AS version,
      pg_catalog.pg_database_size(pg_catalog.current_database()) AS bytes`),
  );
}

async function reachBy(ctx: Context, client: Client, known: Tools[] | null): Promise<{ answer: Answer; tools: Tools[] }> {
  const finding = known ? Promise.resolve(known) : findWithin(ctx, client);
  // Begun beside the question to the server; its failure is told when its turn comes.
  finding.catch(() => {});
  const answer = await ask(ctx, client).catch(async (error: unknown) => {
    if (await mend(ctx, client).catch(() => false)) return ask(ctx, client);
    throw error;
  });
  return { answer, tools: await finding };
}

/**
 * From this machine, when it has programs of exactly the server's major version: a newer pg_dump writes what the server may not read.
 * Undefined when anything is in the way, for the container's own programs are there too.
 */
async function reachDirectly(ctx: Context, direct: Client): Promise<{ answer: Answer; tools: Tools[] } | undefined> {
  const found = await findTools(ctx);
  const [newest] = found;
  if (!newest) return undefined;
  const answer = await ask(ctx, { ...direct, bin: newest.bin }).catch(() => undefined);
  ctx.signal.throwIfAborted();
  const tools = found.filter(({ major }) => major === Number.parseInt(answer?.version ?? "", 10));
  return answer && tools.length > 0 ? { answer, tools } : undefined;
}

/** The programs of a container, which has one set of them. */
async function findWithin(ctx: Context, client: Client): Promise<Tools[]> {
  const result = await ctx.host.run({ ...clientCommand({ ...client, user: null }, "pg_dump", ["--version"]), timeout: 30_000 }, ctx.signal);
  const version = toolVersion(result.stdout);
  if (!version) throw new AplomoError({ operation: "find", subject: `pg_dump in ${client.where}`, cause: result.stdout.trim() });
  return [{ ...version, bin: null, where: client.where }];
}
