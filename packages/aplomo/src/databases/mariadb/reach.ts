import type { Config } from "../../config/config.ts";
import type { Context } from "../../host/context.ts";
import { suffix } from "../names.ts";
import { Session } from "../session.ts";
import { clientCommand, type Client } from "./client.ts";
import { connect } from "./connect.ts";
import { talkOf } from "./session.ts";
import { refuseOthers, sameSeries, serverVersion, titles, type Flavour } from "./tools.ts";

/** A server that answered, and what it is talked to with. */
export interface Reached {
  client: Client;
  version: string;
  title: string;
  /** Ends the names of this database's scratch databases. */
  end: string;
  place: (scratch: string) => string;
}

export async function reach(ctx: Context, config: Config, name: string): Promise<Reached> {
  const ways = await connect(ctx, config, name);
  const { client, server } =
    (ways.direct && (await reachDirectly(ctx, ways.direct, name))) ?? (await reachBy(ctx, await ways.client(), name));
  refuseOthers(name, server, client.tools, client.where);
  const end = suffix(config.settings.app, client.address.database);
  return { client, version: server.version, title: titles[server.flavour], end, place: (scratch) => `${scratch}${end}` };
}

interface Answer {
  client: Client;
  server: { flavour: Flavour; version: string };
}

async function reachBy(ctx: Context, client: Client, name: string, more: readonly string[] = []): Promise<Answer> {
  const command = clientCommand(client, client.address.database, more);
  const text = await Session.use(ctx, talkOf(client.tools.flavour), command, `database ${name}`, (session) =>
    session.run("SELECT VERSION();"),
  );
  return { client, server: serverVersion(text) };
}

/**
 * From this machine, when it has programs of exactly the server's series. Undefined when anything is in the way, for the container's own
 * programs are there too.
 */
async function reachDirectly(ctx: Context, direct: () => Promise<Client>, name: string): Promise<Answer | undefined> {
  const answer = await direct()
    .then((client) => reachBy(ctx, client, name, ["--connect-timeout=3"]))
    .catch(() => undefined);
  ctx.signal.throwIfAborted();
  return answer && sameSeries(answer.server, answer.client.tools) ? answer : undefined;
}
