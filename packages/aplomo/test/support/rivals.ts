import { spawn } from "node:child_process";
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tree } from "./backups.ts";
import { startPostgres, type Cluster } from "./postgres.ts";

/** What others back a database called `app` up with. */
export interface Rival {
  title: string;
  /** Starts it, its file to go below a folder. */
  start(into: string): Promise<{ pid: number; ended: Promise<number | null> }>;
  /** What a run that ended left below that folder. */
  file(into: string): Promise<string>;
}

/** A folder with a server's programs, newer than this machine's pg_dump; empty where the lab has none. */
export const newerPostgres = process.env["APLOMO_LAB_NEWER_POSTGRES"] ?? "";
const tool = process.env["APLOMO_LAB_AUTOPOSTGRESQLBACKUP"] ?? "";

/** What people type, and what Debian has for those who do not. */
export function rivalsOn(cluster: Cluster): Rival[] {
  const env = { ...process.env, PGHOST: cluster.socket, PGUSER: "postgres" };
  const run = (program: string, ...args: string[]): Awaited<ReturnType<Rival["start"]>> => {
    const child = spawn(program, args, { env, stdio: "ignore", detached: true });
    return { pid: child.pid ?? 0, ended: new Promise((resolve) => child.once("close", resolve)) };
  };
  const typed: Rival = {
    title: "pg_dump | gzip",
    start: (into) => Promise.resolve(run("sh", "-c", `${cluster.bin}/pg_dump app | gzip > "$0"`, join(into, "typed.gz"))),
    file: (into) => Promise.resolve(join(into, "typed.gz")),
  };
  const installed: Rival = {
    title: "autopostgresqlbackup",
    async start(into) {
      // As Debian ships it, but for where it reads its settings.
      const [settings, script] = [join(cluster.socket, "rival.conf"), join(cluster.socket, "rival.sh")];
      await writeFile(
        settings,
        `USERNAME=postgres\nDBHOST=${cluster.socket}\nDBNAMES=app\nBACKUPDIR=${into}/rival\nCREATE_DATABASE=no\nMAILCONTENT=stdout\n`,
      );
      await writeFile(script, (await readFile(tool, "utf8")).replaceAll("/etc/default/autopostgresqlbackup", settings));
      return run("bash", script);
    },
    async file(into) {
      const left = await tree(join(into, "rival"));
      return join(into, "rival", left.find((path) => /\/app\/[^/]*\.gz$/.test(path)) ?? "nothing");
    },
  };
  return tool === "" ? [typed] : [typed, installed];
}

/** Its programs are copied to where the account it runs as can read them. */
export async function startNewerPostgres(): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), "aplomo-newer-"));
  try {
    await cp(newerPostgres, folder, { recursive: true, verbatimSymlinks: true });
    await chmod(folder, 0o755);
    const cluster = await startPostgres({}, join(folder, "bin"));
    return {
      ...cluster,
      async stop() {
        await cluster.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
