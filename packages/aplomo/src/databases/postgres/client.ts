import type { Secret } from "../../base/secret.ts";
import type { Command } from "../../host/run.ts";

/** How a server's client programs are started: what stands before the program, and the environment they need. */
export interface Client {
  /** `container agenda-db-1`, or `/usr/lib/postgresql/15/bin`. */
  where: string;
  /** The id of the container the server runs in; null when it is reached by a URL. */
  container: string | null;
  /** The programs run in that container too. */
  inside: boolean;
  /** Folder of the programs on this machine; null for PATH, and inside a container. */
  bin: string | null;
  /** The live database. */
  database: string;
  user: string | null;
  /** Connection settings as libpq's variables. */
  env: Record<string, string | Secret>;
}

/** Variables libpq reads; they go into a container by name only, so that no value stands in an argument list. */
const inner = new Set(["PGHOST", "PGPASSWORD", "PGAPPNAME", "PGOPTIONS"]);

/** One client program against one database. */
export function clientCommand(client: Client, program: string, args: readonly string[], extra: Record<string, string> = {}): Command {
  const env = { PGCONNECT_TIMEOUT: "10", ...client.env, ...extra };
  if (!client.inside || client.container === null) {
    return { argv: [client.bin === null ? program : `${client.bin}/${program}`, ...args], env };
  }
  const names = Object.keys(env).filter((name) => inner.has(name));
  const user = client.user === null ? [] : ["-U", client.user];
  return { argv: ["docker", "exec", "-i", ...names.flatMap((name) => ["-e", name]), client.container, program, ...user, ...args], env };
}

/** psql as a program reads it: no start file, no prompt, bare rows, stops at the first error. */
export function psqlCommand(client: Client, database: string, extra: Record<string, string> = {}): Command {
  const args = ["-X", "-q", "-A", "-t", "-w", "-v", "ON_ERROR_STOP=1", "-d", database];
  return clientCommand(client, "psql", args, extra);
}

/**
 * Milliseconds for which the dump waits for a table. The snapshot's session has locked every one before: whom the dump waits for is
 * somebody who came between the two and waits for that session, so it is no use waiting longer.
 */
const lockWait = 2_000;

export function dumpCommand(client: Client, snapshot: string, application: string): Command {
  const args = ["-w", "--format=plain", `--snapshot=${snapshot}`, `--lock-wait-timeout=${lockWait}`, "-d", client.database];
  return clientCommand(client, "pg_dump", args, { PGAPPNAME: application });
}

/** Reads a plain dump on its standard input. Losing the server's last instants in a crash does no harm to a scratch database. */
export function loadCommand(client: Client, database: string): Command {
  const command = psqlCommand(client, database, { PGOPTIONS: "-c synchronous_commit=off -c statement_timeout=0 -c lock_timeout=0" });
  return { ...command, argv: [...command.argv, "-o", "/dev/null"] };
}
