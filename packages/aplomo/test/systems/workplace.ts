import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { poll } from "../../src/base/time.ts";
import { startOf } from "../../src/host/liveness.ts";
import { local } from "../../src/host/local.ts";
import { root } from "../support/root.ts";

export interface Ended {
  code: number;
  output: string;
}

/** A folder as a team has it, with a shell to work in. */
export interface Workplace {
  folder: string;
  env: NodeJS.ProcessEnv;
  write(files: Record<string, string>): Promise<void>;
  /** A script of theirs, run by bash. */
  sh(script: string): Promise<Ended>;
  aplomo(...args: string[]): Promise<Ended>;
}

const cli = join(root, ".cache/js/packages/aplomo/src/cli/bin.js");

/** Files by path. The process whose number is in `server.pid` beside them and PM2's daemon, where one was started, are ended with the test. */
export async function workplace(t: TestContext, files: Record<string, string> = {}, more: NodeJS.ProcessEnv = {}): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), "aplomo-incident-"));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    APLOMO_HOME: join(folder, ".aplomo-home"),
    PM2_HOME: join(folder, ".pm2"),
    NO_COLOR: "1",
    PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`,
    ...more,
  };
  t.after(async () => {
    await end(join(folder, "server.pid"));
    if (existsSync(join(folder, ".pm2"))) await run("pm2", ["kill"], folder, env);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  const self: Workplace = {
    folder,
    env,
    async write(all) {
      for (const [name, text] of Object.entries(all)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), text, { mode: /\.sh$|husky/.test(name) ? 0o755 : 0o600 });
      }
    },
    sh: (script) => run("bash", ["-c", script], folder, env),
    aplomo: (...args) => run(process.execPath, [cli, ...args], folder, env),
  };
  await self.write(files);
  return self;
}

/** Runs to its end, whatever that is; standard output and error as a person sees them. */
export function run(file: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, output: stdout + stderr });
    });
  });
}

async function end(file: string): Promise<void> {
  const pid = Number(await readFile(file, "utf8").catch(() => "0"));
  if (pid <= 0 || (await startOf(local, pid)) === undefined) return;
  process.kill(pid, "SIGKILL");
  await poll(async () => ((await startOf(local, pid)) === undefined ? true : undefined), { limit: 10_000 });
}
