import type { Config } from "../../config/config.ts";
import type { Context } from "../../host/context.ts";
import type { Aside, Database } from "../contract.ts";
import { lacks, startAside } from "../aside.ts";
import { Session } from "../session.ts";
import { psqlCommand, type Client } from "./client.ts";
import { startCluster } from "./cluster.ts";
import { connect } from "./connect.ts";
import { makeRoles, readRoles } from "./roles.ts";
import { createStatement, readDatabase, type DatabaseRow } from "./scratch.ts";
import { psqlTalk } from "./session.ts";

type Open = (ctx: Context, config: Config, name: string) => Database;

/** What a dump takes for granted of the server it is loaded on. */
interface Surroundings {
  roles: string[];
  extensions: string[];
  like: DatabaseRow;
}

/** In a container of the live server's image, or by the binaries of its major version on this machine. */
export async function openAside(
  ctx: Context,
  config: Config,
  name: string,
  bytes: number,
  client: Client,
  major: number,
  open: Open,
): Promise<Aside | string> {
  const subject = `database ${name}`;
  const wanted = await Session.use(ctx, psqlTalk, psqlCommand(client, client.database), subject, (session) =>
    read(session, client.database),
  );
  /** Makes it so there; tells which extensions it cannot have. */
  const prepare = (there: Client): Promise<string[]> =>
    Session.use(ctx, psqlTalk, psqlCommand(there, "postgres"), subject, (session) => make(session, client.database, wanted));
  if (client.container === null) return startCluster(ctx, config, name, bytes, client, major, prepare, open);
  let missing: string[] = [];
  const plan = {
    container: client.container,
    passwords: ["POSTGRES_PASSWORD"],
    variables: { POSTGRES_USER: "postgres", POSTGRES_DB: "postgres" },
    command: ["postgres", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"],
    data: "/var/lib/postgresql",
    settings: { user: "postgres", name: "postgres" },
    live: client.database,
    async prepare(own: Config): Promise<void> {
      // Over TCP, where the temporary server of a first start does not listen.
      const { client: there } = await connect(ctx, own, name);
      missing = await prepare({ ...there, env: { ...there.env, PGHOST: "127.0.0.1" } });
    },
  };
  const aside = await startAside(ctx, config, name, bytes, plan, open);
  if (typeof aside === "string" || missing.length === 0) return aside;
  await aside.close();
  return lacks(missing);
}

async function read(session: Session, database: string): Promise<Surroundings> {
  const names = async (query: string): Promise<string[]> => (await session.rows<{ name: string }>(query)).map((row) => row.name);
  const like = await readDatabase(session, database);
  if (!like) throw new Error(`the server has no database ${database}`);
  return {
    roles: await readRoles(session),
    extensions: await names("SELECT extname AS name FROM pg_catalog.pg_extension"),
    like,
  };
}

/** May be called again. */
async function make(session: Session, database: string, { roles, extensions, like }: Surroundings): Promise<string[]> {
  await makeRoles(session, roles);
  if (!(await readDatabase(session, database))) await session.run(createStatement(database, { ...like, tablespace: "pg_default" }));
  const rows = await session.rows<{ name: string }>("SELECT name FROM pg_catalog.pg_available_extensions");
  return extensions.filter((extension) => !rows.some(({ name }) => name === extension));
}
