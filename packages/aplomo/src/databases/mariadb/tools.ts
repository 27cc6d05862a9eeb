import { AplomoError } from "../../base/errors.ts";
import type { Context } from "../../host/context.ts";
import type { Command } from "../../host/run.ts";

/** Two engines that grew apart: a dump tool of one cannot be relied on with the other's server. */
export type Flavour = "mariadb" | "mysql";

/** Client programs that belong together. */
export interface Tools {
  client: string;
  dump: string;
  flavour: Flavour;
  /** 10.11.19 */
  version: string;
}

export const titles: Record<Flavour, string> = { mariadb: "MariaDB", mysql: "MySQL" };

const names = [
  ["mariadb", "mariadb-dump"],
  ["mysql", "mysqldump"],
] as const;

/** What a program says it is: `... Distrib 10.11.19-MariaDB, ...`, `mariadb-dump from 11.4.2-MariaDB, ...`, `mysqldump  Ver 8.0.36 for Linux ...`. */
export function toolVersion(text: string): { flavour: Flavour; version: string } | undefined {
  const mariadb = /(?:Distrib|from) (\d+\.\d+\.\d+)-MariaDB/.exec(text)?.[1];
  if (mariadb !== undefined) return { flavour: "mariadb", version: mariadb };
  const mysql = /Ver (?:[\d.]+ Distrib )?(\d+\.\d+\.\d+)[^ ]* for |Distrib (\d+\.\d+\.\d+)/.exec(text);
  const version = mysql?.[1] ?? mysql?.[2];
  return version === undefined ? undefined : { flavour: "mysql", version };
}

/** What a server says it is: `10.11.19-MariaDB-1:10.11.19+maria~ubu2204`, `8.0.36`. */
export function serverVersion(text: string): { flavour: Flavour; version: string } {
  // Some put 5.5.5 in front for old replicas.
  const version = /(\d+\.\d+\.\d+)/.exec(text.replace(/^5\.5\.5-/, ""))?.[1] ?? text;
  return { flavour: /mariadb/i.test(text) ? "mariadb" : "mysql", version };
}

/** Statements that change a schema happen as a whole or not at all, whatever happens to the server: MariaDB from 10.6.1, MySQL from 8.0. */
export function hasAtomicDdl(flavour: Flavour, version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (flavour === "mysql") return major >= 8;
  return major > 10 || (major === 10 && (minor > 6 || (minor === 6 && patch >= 1)));
}

/** Finds the programs; `place` says where they run. */
export async function findTools(ctx: Context, place: (argv: readonly [string, ...string[]]) => Command, where: string): Promise<Tools> {
  const tried: string[] = [];
  for (const [client, dump] of names) {
    const results = await Promise.all(
      [client, dump].map((name) => ctx.host.attempt({ ...place([name, "--version"]), timeout: 30_000 }, ctx.signal)),
    );
    const found = results[1]?.code === 0 && results[0]?.code === 0 ? toolVersion(results[1].stdout) : undefined;
    if (found) return { client, dump, ...found };
    tried.push(`${client} and ${dump}`);
  }
  throw new AplomoError({
    operation: "find",
    subject: "the database's client programs",
    cause: `${where} has neither ${tried.join(", nor ")}`,
    hint: "Install those of the server's version: apt install mariadb-client.",
  });
}

const series = (version: string): number => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 1_000 + minor;
};

/** Tools of the server's own kind and series: what they dump it reads, and they know all it has. */
export function sameSeries(server: { flavour: Flavour; version: string }, tools: Tools): boolean {
  return tools.flavour === server.flavour && series(tools.version) === series(server.version);
}

/** Refuses tools of the other engine, and older ones than the server: what they do not know of is not in their dump. */
export function refuseOthers(name: string, server: { flavour: Flavour; version: string }, tools: Tools, where: string): void {
  const install =
    server.flavour === "mariadb" ? "mariadb-client (packages for every version: mariadb.org)" : "mysql-client (from dev.mysql.com)";
  const fail = (cause: string): never => {
    const hint = `Install the programs of ${titles[server.flavour]} ${server.version.replace(/\.\d+$/, "")}: ${install}.`;
    throw new AplomoError({ operation: "back up the database", subject: name, cause, hint });
  };
  const said = `${tools.dump} in ${where} is of ${titles[tools.flavour]} ${tools.version}`;
  if (tools.flavour !== server.flavour) fail(`${said}, the server is ${titles[server.flavour]} ${server.version}`);
  if (series(tools.version) < series(server.version)) fail(`${said}, older than the server, ${server.version}`);
}
