import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chmod, chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const folder = "/usr/lib/postgresql";

/** The newest server's programs on this machine; undefined when it has none. */
export const binaries: string | undefined = (existsSync(folder) ? readdirSync(folder) : [])
  .sort((a, b) => Number(b) - Number(a))
  .map((version) => join(folder, version, "bin"))
  .find((bin) => existsSync(join(bin, "initdb")));

/** A throw-away PostgreSQL server. */
export interface Cluster {
  /** The socket's folder: what PGHOST takes. */
  socket: string;
  bin: string;
  url(database: string, user?: string): string;
  /** Runs SQL as superuser; the answer bare. */
  sql(database: string, sql: string): Promise<string>;
  /** Starts a client program on it. */
  client(program: string, ...args: string[]): Promise<string>;
  /** Kills it as a power cut would and starts it again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Makes a server of its own: socket only, in a folder of its own, so that any number run side by side. It refuses to run as
 * root; then it runs as nobody. Commits are flushed: tests that kill it want to see what a real one would have. `server` is the
 * folder of other programs than the machine's for the server itself, which anybody must be able to read.
 */
export async function startPostgres(settings: Record<string, string> = {}, server = binaries): Promise<Cluster> {
  if (binaries === undefined || server === undefined) throw new Error("no PostgreSQL server on this machine: use need()");
  const bin = binaries;
  const socket = await mkdtemp(join(tmpdir(), "aplomo-pg-"));
  const data = join(socket, "data");
  const nobody = 65_534;
  const root = process.getuid?.() === 0;
  if (root) await chown(socket, nobody, nobody);
  await chmod(socket, 0o755);
  const as = (program: string, args: string[]): [string, string[]] =>
    root
      ? ["setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", join(server, program), ...args]]
      : [join(server, program), args];
  const start = (program: string, ...args: string[]): ReturnType<typeof run> => {
    const [command, rest] = as(program, args);
    return run(command, rest, { cwd: socket, env: { ...process.env, LC_ALL: "C.UTF-8" } });
  };
  const options = { unix_socket_directories: socket, listen_addresses: "", max_connections: "60", ...settings };
  const flags = Object.entries(options).map(([name, value]) => `-c ${name}='${value}'`);
  const up = (): ReturnType<typeof run> =>
    start("pg_ctl", "-D", data, "-l", join(socket, "log"), "-w", "-t", "60", "-o", flags.join(" "), "start");
  const env = { ...process.env, PGHOST: socket, PGUSER: "postgres" };
  const client = async (program: string, ...args: string[]): Promise<string> =>
    (await run(join(bin, program), args, { env, maxBuffer: 256 * 1024 * 1024 })).stdout.trim();
  const stop = async (): Promise<void> => {
    await start("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop").catch(() => {});
    await rm(socket, { recursive: true, force: true });
  };
  try {
    await start("initdb", "-N", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8");
    await up();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    socket,
    bin,
    url: (database, user = "postgres") => `postgres://${user}@/${encodeURIComponent(database)}?host=${encodeURIComponent(socket)}`,
    sql: (database, sql) => client("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql),
    client,
    async crash() {
      await start("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop");
      await up();
    },
    stop,
  };
}
