import type { Config } from "../../config/config.ts";
import type { Context } from "../../host/context.ts";
import type { Aside, Database } from "../contract.ts";
import { startAside } from "../aside.ts";
import { Session } from "../session.ts";
import { clientCommand, type Client } from "./client.ts";
import { connect } from "./connect.ts";
import { identifier } from "./quote.ts";
import { talkOf } from "./session.ts";
import type { DatabaseRow } from "./tables.ts";

type Open = (ctx: Context, config: Config, name: string) => Database;

/** A server in a container of the live one's image. One reached by URL has no image at hand. */
export async function openAside(
  ctx: Context,
  config: Config,
  name: string,
  bytes: number,
  client: Client,
  like: DatabaseRow,
  open: Open,
): Promise<Aside | string> {
  if (client.container === null) return "it is reached by URL, and no image of its server is known";
  const { database } = client.address;
  const kind = client.tools.flavour.toUpperCase();
  const plan = {
    container: client.container,
    passwords: [`${kind}_ROOT_PASSWORD`],
    variables: { [`${kind}_DATABASE`]: database },
    command: ["--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0", "--skip-log-bin", "--innodb-doublewrite=0"],
    data: "/var/lib/mysql",
    settings: { user: "root", name: database },
    live: database,
    async prepare(own: Config): Promise<void> {
      const there = await (await connect(ctx, own, name)).client();
      const alter = `ALTER DATABASE ${identifier(database)} CHARACTER SET ${like.charset} COLLATE ${like.collation};`;
      await Session.use(ctx, talkOf(there.tools.flavour), clientCommand(there, database), `database ${name}`, (session) =>
        session.run(alter),
      );
    },
  };
  return startAside(ctx, config, name, bytes, plan, open);
}
