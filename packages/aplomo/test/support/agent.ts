import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { smallNode } from "../../src/agent/resident.ts";
import { findLibrary } from "../../src/databases/sqlite/open.ts";
import { cli } from "./cli.ts";

/** A folder with an aplomo.yml, a small SQLite database and a home of its own; nothing of it is deployed. */
export interface AgentRig {
  folder: string;
  home: string;
  env: NodeJS.ProcessEnv;
  /** Runs a command to its end and gives its events. */
  run(...args: string[]): Promise<{ code: number | null; events: Record<string, unknown>[]; output: string }>;
  /** Puts another program into the place of the one that runs here, as an upgrade does. */
  upgrade(text?: string): Promise<void>;
  /** Starts `aplomo agent`; every one is ended by `close`. */
  agent(...args: string[]): ChildProcess;
  close(): Promise<void>;
}

/** `blind`: no look succeeds, so that the jobs stay those it was registered with; aplomo.yml cannot ask for one every second. */
export async function agentRig(app: string, more = "", { blind = false } = {}): Promise<AgentRig> {
  const folder = await mkdtemp(join(tmpdir(), `aplomo-${app}-`));
  const home = join(folder, "home");
  const env = { ...process.env, APLOMO_HOME: home, NO_COLOR: "1", PM2_HOME: join(folder, "pm2") };
  const { write } = await findLibrary();
  write(join(folder, "a.db"), "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)");
  write(join(folder, "a.db"), "INSERT INTO notes (text) VALUES ('one'), ('two')");
  const yml = `app: ${app}
target: { kind: pm2, script: server.js, port: 3000 }
databases: { main: { engine: sqlite, file: a.db, invariants: { notes: { at_least: 1 } } } }
${more}`;
  await writeFile(join(folder, "aplomo.yml"), yml);
  const program = blind ? join(folder, "current/blind.mjs") : cli;
  let programs = 0;
  const upgrade: AgentRig["upgrade"] = async (
    text = `if (process.argv[3] === "look") process.exit(1);\nawait import(${JSON.stringify(cli)});\n`,
  ) => {
    const [version, beside] = [`program-${++programs}`, join(folder, ".current")];
    await mkdir(join(folder, version));
    await writeFile(join(folder, version, "blind.mjs"), text);
    await symlink(version, beside);
    await rename(beside, join(folder, "current"));
  };
  if (blind) await upgrade();
  const agents: ChildProcess[] = [];
  const start = (args: string[], node: readonly string[] = []): ChildProcess =>
    spawn(process.execPath, [...node, program, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  return {
    folder,
    home,
    env,
    upgrade,
    async run(...args) {
      const child = start([...args, "--json"]);
      let output = "";
      for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
      const [code] = (await once(child, "close")) as [number | null];
      const events = output
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      return { code, events, output };
    },
    agent(...args) {
      const child = start(["agent", "run", "--json", ...args], smallNode);
      for (const stream of [child.stdout, child.stderr]) stream?.resume();
      agents.push(child);
      return child;
    },
    async close() {
      for (const child of agents.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
        child.kill("SIGKILL");
        await once(child, "close");
      }
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}
