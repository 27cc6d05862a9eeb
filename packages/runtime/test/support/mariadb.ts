import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { mariadb } from "./places.ts";
import { freePort, until } from "./server.ts";

const run = promisify(execFile);

/** A throw-away MariaDB with a database `app` and a user `app` with the password `p@ss word`. */
export interface Maria {
  port: number;
  /** For the user app, over TCP. */
  url: string;
  /** Runs SQL as root in the database app; rows by lines, fields by tabs. */
  sql(text: string): Promise<string>;
  /** Ends and starts it, as a restart of the server would. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Makes it from the unpacked packages, in a folder of its own. */
export async function startMariadb(settings: string[] = []): Promise<Maria> {
  if (mariadb === undefined) throw new Error("no MariaDB: use need()");
  const base = join(mariadb, "usr");
  const folder = await mkdtemp(join(tmpdir(), "aplomo-maria-"));
  const socket = join(folder, "socket");
  const port = await freePort();
  const env = { ...process.env, LD_LIBRARY_PATH: join(base, "lib/x86_64-linux-gnu") };
  const user = process.getuid?.() === 0 ? ["--user=root"] : [];
  const place = ["--no-defaults", `--basedir=${base}`, `--datadir=${join(folder, "data")}`, ...user];
  let server: ChildProcess | undefined;
  const sql = async (text: string, database = "app"): Promise<string> =>
    (
      await run(join(base, "bin/mariadb"), ["--no-defaults", "-uroot", `--socket=${socket}`, "-N", "-B", database, "-e", text], { env })
    ).stdout.trim();
  const stopServer = async (): Promise<void> => {
    const child = server;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  };
  const startServer = async (): Promise<void> => {
    const args = [
      ...place,
      `--socket=${socket}`,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      `--pid-file=${join(folder, "pid")}`,
      ...settings,
    ];
    server = spawn(join(base, "sbin/mariadbd"), args, { env, stdio: "ignore" });
    await until("MariaDB", () => sql("SELECT 1", "mysql").catch(() => false));
  };
  const stop = async (): Promise<void> => {
    await stopServer();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await run(join(base, "bin/mariadb-install-db"), [...place, "--auth-root-authentication-method=normal", "--skip-test-db"], { env });
    await startServer();
    await sql("CREATE DATABASE app; CREATE USER app IDENTIFIED BY 'p@ss word'; GRANT ALL ON app.* TO app", "mysql");
  } catch (error) {
    await stop();
    throw error;
  }
  const restart = async (): Promise<void> => {
    await stopServer();
    await startServer();
  };
  return { port, url: `mysql://app:p%40ss%20word@127.0.0.1:${port}/app`, sql, restart, stop };
}
