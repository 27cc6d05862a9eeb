import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { baseRig, clinicAt, versionAt, type AgendaRig } from "./agenda.ts";
import { root } from "./root.ts";

const run = promisify(execFile);

/** The agenda under a PM2 of its own, on SQLite. `npm ci` is spared: each release takes the example's modules along. */
export async function pm2Rig(): Promise<AgendaRig> {
  const base = await baseRig("pm2");
  const top = dirname(base.folder);
  const database = join(top, "data", "agenda.db");
  base.env["PM2_HOME"] = join(top, "pm2");
  await mkdir(dirname(database));
  await base.setVariable("DATABASE_FILE", database);
  base.configure(/ +install: .*\n/, "");
  base.configure(/port: 3000/, `port: ${base.port}`);
  const modules = join(root, "examples/agenda/node_modules");
  if (!existsSync(modules)) await run("npm", ["ci", "--omit=dev", "--no-audit", "--no-fund"], { cwd: join(root, "examples/agenda") });
  return {
    ...base,
    async assemble(version) {
      await run(process.execPath, [join(root, "examples/agenda/assemble.mjs"), version, base.folder]);
      await cp(modules, join(base.folder, "node_modules"), { recursive: true });
      await base.finishAssembly();
    },
    async state() {
      const units = await processes(base.env);
      return {
        version: await versionAt(base.port),
        code: units.map((unit) => unit.folder),
        clinic: await clinicAt(base.port),
        data: hashSqlite(database),
      };
    },
    async close() {
      await run(join(root, "node_modules/.bin/pm2"), ["kill"], { env: base.env }).catch(() => {});
      await rm(top, { recursive: true, force: true });
    },
  };
}

/** Process ids of a release that runs. */
export async function releaseProcesses({ env }: Pick<AgendaRig, "env">, release: string): Promise<number[]> {
  return (await processes(env)).filter(({ folder }) => folder.includes(`/releases/${release}/`)).map(({ pid }) => pid);
}

async function processes(env: NodeJS.ProcessEnv): Promise<{ folder: string; pid: number }[]> {
  const { stdout } = await run(join(root, "node_modules/.bin/pm2"), ["jlist"], { env, maxBuffer: 32 * 1024 * 1024 });
  const list = JSON.parse(stdout.slice(stdout.indexOf("[{") === -1 ? stdout.indexOf("[]") : stdout.indexOf("[{"))) as {
    pid: number;
    pm2_env: { status: string; pm_cwd: string };
  }[];
  return list.filter((one) => one.pm2_env.status === "online").map((one) => ({ folder: one.pm2_env.pm_cwd, pid: one.pid }));
}

interface Sqlite {
  prepare(sql: string): { all(): Record<string, unknown>[] };
  close(): void;
}

/** Read with the library the app uses, not with Aplomo's own driver. */
export function hashSqlite(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  const Database = createRequire(join(root, "package.json"))("libsql") as new (file: string) => Sqlite;
  const db = new Database(file);
  try {
    const tables = db.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name").all();
    const hashes: Record<string, string> = { schema: hash(tables) };
    for (const { name } of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all()) {
      hashes[String(name)] = hash(db.prepare(`SELECT * FROM "${String(name)}" ORDER BY 1`).all());
    }
    return hashes;
  } finally {
    db.close();
  }
}

function hash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
