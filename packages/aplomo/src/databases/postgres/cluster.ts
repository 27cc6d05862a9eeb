import { appendFile, chown, lstat, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "../../base/secret.ts";
import type { Config } from "../../config/config.ts";
import type { Context } from "../../host/context.ts";
import { processIdentity } from "../../host/process.ts";
import type { Aside, Database } from "../contract.ts";
import { lacks, whyNoRoom } from "../aside.ts";
import type { Client } from "./client.ts";

const prefix = "aplomo-aside-";
/** Who is nobody, where there is no postgres. */
const nobody = 65_534;

/** A cluster of our own by the binaries on this machine: a socket in a private folder, and nothing is flushed. */
export async function startCluster(
  ctx: Context,
  config: Config,
  name: string,
  bytes: number,
  client: Client,
  major: number,
  prepare: (there: Client) => Promise<string[]>,
  open: (ctx: Context, config: Config, name: string) => Database,
): Promise<Aside | string> {
  const bin = client.bin ?? "";
  const version = await ctx.host.attempt({ argv: [join(bin, "initdb"), "--version"], timeout: 10_000 }, ctx.signal);
  const found = Number(/\(PostgreSQL\) (\d+)/.exec(version.stdout)?.[1]);
  if (version.code !== 0 || found !== major) return `this machine has no server binaries of PostgreSQL ${major}`;
  const full = await whyNoRoom(tmpdir(), bytes);
  if (full !== undefined) return full;
  const user = await serverUser(ctx);
  await sweep(ctx, bin, user);
  const folder = await mkdtemp(join(tmpdir(), prefix));
  const run = runnerIn(ctx, bin, folder, user);
  const data = join(folder, "data");
  const close = async (): Promise<void> => {
    await run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop").catch(() => {});
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await writeFile(join(folder, "owner"), `${process.pid}\n${processIdentity(process.pid)}\n`);
    if (user !== null) await chown(folder, user, user);
    await run("initdb", "-N", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C");
    const settings = {
      unix_socket_directories: folder,
      listen_addresses: "",
      fsync: "off",
      full_page_writes: "off",
      wal_level: "minimal",
      max_wal_senders: "0",
    };
    const lines = Object.entries(settings).map(([key, value]) => `${key} = '${value.replaceAll("'", "''")}'\n`);
    await appendFile(join(data, "postgresql.conf"), lines.join(""));
    await run("pg_ctl", "-D", data, "-l", join(data, "log"), "-w", "-t", "60", "start");
    const missing = await prepare({ ...client, user: "postgres", database: "postgres", env: { PGHOST: folder, PGUSER: "postgres" } });
    if (missing.length > 0) {
      await close();
      return lacks(missing);
    }
    const url = new Secret(`postgres://postgres@/${encodeURIComponent(client.database)}?host=${encodeURIComponent(folder)}`);
    const databases = { ...config.settings.databases, [name]: { ...config.settings.databases[name], url } };
    const own = { ...config, settings: { ...config.settings, databases } as Config["settings"] };
    return { database: open(ctx, own, name), where: folder, usedBytes: () => usedBytes(folder), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Run = (program: string, ...args: string[]) => Promise<unknown>;

/** The server refuses to run as root: then the folder and the programs are somebody else's. */
async function serverUser(ctx: Context): Promise<number | null> {
  if (process.getuid?.() !== 0) return null;
  const { code, stdout } = await ctx.host.attempt({ argv: ["id", "-u", "postgres"], timeout: 10_000 }, ctx.signal);
  return code === 0 ? Number(stdout.trim()) : nobody;
}

function runnerIn(ctx: Context, bin: string, folder: string, user: number | null): Run {
  const as = user === null ? [] : ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups"];
  return async (program, ...args) => {
    // Also after Ctrl-C: it is ended.
    const by = ctx.signal.aborted ? AbortSignal.timeout(60_000) : ctx.signal;
    const argv = [...as, join(bin, program), ...args] as unknown as [string, ...string[]];
    return ctx.host.run({ argv, cwd: folder, env: { LC_ALL: "C" }, timeout: 120_000 }, by);
  };
}

/** Ends and removes what runs that were killed left. A folder of anybody else's is not looked into: everybody may make one of that name. */
async function sweep(ctx: Context, bin: string, user: number | null): Promise<void> {
  for (const entry of (await readdir(tmpdir())).filter((name) => name.startsWith(prefix))) {
    const folder = join(tmpdir(), entry);
    const found = await lstat(folder).catch(() => undefined);
    if (!found?.isDirectory() || found.uid !== (user ?? process.getuid?.())) continue;
    const text = await readFile(join(folder, "owner"), "utf8").catch(() => undefined);
    const [pid, identity] = (text ?? "").split("\n");
    if (!identity || processIdentity(Number(pid)) === identity) continue;
    await runnerIn(ctx, bin, folder, user)("pg_ctl", "-D", join(folder, "data"), "-m", "immediate", "-w", "stop").catch(() => {});
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function usedBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ blocks }) => blocks * 512,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
