import { Secret } from "../../base/secret.ts";
import type { Command } from "../../host/run.ts";

/** How a server is reached, and where MongoDB's own programs are. */
export interface Client {
  /** `container agenda-db-1`, or `PATH`: of the programs. */
  where: string;
  /** The container's id when the programs run inside it. */
  container: string | null;
  /** Their version. */
  tools: string;
  database: string;
  /** For this process. */
  uri: Secret;
  /** The same server, from where the programs are. */
  toolUri: Secret;
}

/** Any program where the client programs are. A variable goes into a container by name only, so that no value stands in an argument list. */
export function placed(container: string | null, argv: readonly [string, ...string[]], env: Record<string, Secret> = {}): Command {
  if (container === null) return { argv, env };
  const names = Object.keys(env).flatMap((name) => ["-e", name]);
  return { argv: ["docker", "exec", "-i", ...names, container, ...argv], env };
}

/** They take the password from a file alone, and their standard input may be the dump: it comes through a pipe of its own. */
const withConfig = `exec 3<&0; printf '%s\\n' "$APLOMO_MONGODB" | { unset APLOMO_MONGODB; exec 4<&0 0<&3 3<&-; exec "$@"; }`;

function tool(client: Client, name: string, args: readonly string[]): Command {
  const config = new Secret(`uri: ${JSON.stringify(client.toolUri.reveal())}`);
  return placed(client.container, ["sh", "-c", withConfig, "sh", name, "--config=/dev/fd/4", ...args], { APLOMO_MONGODB: config });
}

/** The dump of a database on its standard output; the collections that are left out are named. */
export function dumpCommand(
  client: Client,
  database: string,
  without: { names?: readonly string[]; prefixes?: readonly string[] },
  only?: string,
): Command {
  return tool(client, "mongodump", [
    "--archive",
    `--db=${database}`,
    ...(only === undefined ? [] : [`--collection=${only}`]),
    ...(without.names ?? []).map((name) => `--excludeCollection=${name}`),
    ...(without.prefixes ?? []).map((prefix) => `--excludeCollectionsWithPrefix=${prefix}`),
  ]);
}

/**
 * Loads a dump of any one database, whatever its name, into this one; a prefix is set before each collection's name. What the renaming does
 * not match would go where it came from, which may be the live database: so what does not match is left out (a name with a line end is all
 * there is of that), and a count then tells that it is missing.
 */
export function loadCommand(client: Client, database: string, prefix = ""): Command {
  const renaming = ["--nsInclude=*.*", "--nsFrom=$db$.$name$", `--nsTo=${database}.${prefix}$name$`];
  return tool(client, "mongorestore", ["--archive", "--stopOnError", ...renaming]);
}

/** What matters of what the programs say: the line that tells why, without the time before it. */
export function toolMessage(said: string): string {
  const lines = said.trim().split("\n");
  const failed = lines.filter((line) => /Failed:|error/i.test(line));
  return (failed.at(-1) ?? lines.at(-1) ?? "").replace(/^\S+\t/, "") || "the program ended without a word";
}
