import type { Secret } from "../../base/secret.ts";
import type { Command } from "../../host/run.ts";
import type { Flavour, Tools } from "./tools.ts";
import type { Address, Tls } from "./url.ts";

/** How a server's client programs are started. */
export interface Client {
  /** `container agenda-db-1`, or `PATH`. */
  where: string;
  /** The id of the container the server runs in; null when it is reached by a URL. */
  container: string | null;
  /** The programs run in that container too. */
  inside: boolean;
  tools: Tools;
  address: Address;
}

/** Any program where the client programs are. Variables go into a container by name only, so that no value stands in an argument list. */
export function placed(
  client: Pick<Client, "container" | "inside">,
  argv: readonly [string, ...string[]],
  env: Record<string, string | Secret> = {},
): Command {
  if (!client.inside || client.container === null) return { argv, env };
  const names = Object.keys(env).flatMap((name) => ["-e", name]);
  return { argv: ["docker", "exec", "-i", ...names, client.container, ...argv], env };
}

/**
 * The client program as a program reads it: bare rows, stops at the first error, and none of its own commands (`system`, `source`)
 * is obeyed. No option file is read: a password there would come before ours.
 */
export function clientCommand(client: Client, database: string | null, more: readonly string[] = []): Command {
  const { tools, address } = client;
  const flags = ["--batch", "--raw", "--skip-column-names", "--unbuffered", "--binary-mode", "--comments", "--skip-reconnect"];
  const options = ["--no-defaults", ...flags, "--max-allowed-packet=1G", "--connect-timeout=10", ...more, ...connection(client)];
  const target = database === null ? [] : [`--database=${database}`];
  return placed(client, [tools.client, ...options, ...target], address.password ? { MYSQL_PWD: address.password } : {});
}

/** Reads a plain dump on its standard input. */
export function loadCommand(client: Client, database: string): Command {
  return clientCommand(client, database, ["--init-command=SET SESSION lock_wait_timeout=60, wait_timeout=86400"]);
}

/** The dump; everything about the connection, the password too, it reads from `options`, a named pipe that holds it up until then. */
export function dumpCommand(client: Client, options: string): Command {
  const { tools, address } = client;
  const own = tools.flavour === "mysql" ? ["--set-gtid-purged=OFF", "--no-tablespaces", "--column-statistics=0"] : [];
  const wanted = ["--single-transaction", "--quick", "--routines", "--triggers", "--events", "--hex-blob", "--skip-dump-date", "--verbose"];
  return placed(client, [tools.dump, `--defaults-file=${options}`, ...wanted, ...own, "--max-allowed-packet=1G", "--", address.database]);
}

/** What `dumpCommand` reads. */
export function dumpOptions(client: Client): string {
  const { password } = client.address;
  const lines = connection(client).map((option) => {
    const at = option.indexOf("=");
    const value = at === -1 ? undefined : option.slice(at + 1);
    return value === undefined ? option.slice(2) : `${option.slice(2, at)}=${quoted(value)}`;
  });
  return [...lines, ...(password ? [`password=${quoted(password.reveal())}`] : []), ""].join("\n");
}

/** A value in an option file. */
function quoted(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

function connection({ tools, address }: Client): string[] {
  const { host, port, socket, user, tls } = address;
  // `localhost` would mean a socket to these programs, and to no driver of an application.
  const place = socket === null ? ["--protocol=tcp", `--host=${host}`, `--port=${port}`] : ["--protocol=socket", `--socket=${socket}`];
  return ["--default-character-set=utf8mb4", ...place, ...(user === null ? [] : [`--user=${user}`]), ...encryption(tools.flavour, tls)];
}

function encryption(flavour: Flavour, tls: Tls | null): string[] {
  if (!tls) return [];
  const ca = tls.ca === null ? [] : [`--ssl-ca=${tls.ca}`];
  if (flavour === "mysql") return [`--ssl-mode=${{ off: "DISABLED", on: "REQUIRED", verify: "VERIFY_IDENTITY" }[tls.mode]}`, ...ca];
  if (tls.mode === "off") return ["--skip-ssl"];
  return ["--ssl", tls.mode === "verify" ? "--ssl-verify-server-cert" : "--skip-ssl-verify-server-cert", ...ca];
}
