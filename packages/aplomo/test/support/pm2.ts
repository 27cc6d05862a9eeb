import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import type { Event } from "../../src/base/events.ts";
import { Secret } from "../../src/base/secret.ts";
import { poll } from "../../src/base/time.ts";
import type { Config } from "../../src/config/config.ts";
import { schema } from "../../src/config/schema.ts";
import type { Context } from "../../src/host/context.ts";
import { local } from "../../src/host/local.ts";
import type { ReleaseFolder, Target } from "../../src/targets/contract.ts";
import { freePort } from "../../src/targets/pm2/listening.ts";
import { startOf } from "../../src/host/liveness.ts";
import { openPm2 } from "../../src/targets/pm2/pm2.ts";
import { parseProcessList, type Pm2Process } from "../../src/targets/pm2/process-list.ts";
import { root } from "./root.ts";
import { textOf } from "./text-of.ts";

const run = promisify(execFile);

/** PM2 with a daemon and a folder of its own, and applications below it. `close` ends what it started and removes all. */
export interface Pm2Lab {
  folder: string;
  /** PM2 as a person calls it, with these variables in their shell. */
  pm2(args: string[], env?: Record<string, string>): Promise<string>;
  list(): Promise<Pm2Process[]>;
  application(options?: Partial<AppOptions>): Promise<Pm2Application>;
  close(): Promise<void>;
}

interface AppOptions {
  instances: number;
  exec_mode: "fork" | "cluster";
  target: Record<string, unknown>;
  settings: Record<string, unknown>;
  /** The environment of the shell that starts the daemon. */
  shell: Record<string, string>;
}

export interface Pm2Application {
  app: string;
  port: number;
  url: string;
  /** Where aplomo.yml stands; the fixture is in its folder `source`. */
  folder: string;
  source: string;
  home: string;
  events: Event[];
  signal: AbortController;
  config(): Config;
  context(): Context;
  open(): Target;
  change(next: { version: string; behaviour?: string; env?: Record<string, string> }): Promise<void>;
  startByHand(): Promise<void>;
  release(id: string): Promise<ReleaseFolder>;
  /** The present source as a release, staged. */
  staged(id: string): Promise<{ target: Target; release: ReleaseFolder }>;
  /** Release `r1`, staged and started. */
  running(version?: string): Promise<{ target: Target; release: ReleaseFolder }>;
  processes(): Promise<Pm2Process[]>;
  remove(): Promise<void>;
}

let numbered = 0;

export async function openPm2Lab(): Promise<Pm2Lab> {
  const folder = await mkdtemp(join(tmpdir(), "aplomo-pm2lab-"));
  const home = join(folder, "pm2");
  const bin = join(root, "node_modules", ".bin");
  process.env["PM2_HOME"] = home;
  if (!process.env["PATH"]?.startsWith(bin)) process.env["PATH"] = `${bin}${delimiter}${process.env["PATH"] ?? ""}`;
  const base = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/", PM2_HOME: home };

  const pm2 = async (args: string[], env: Record<string, string> = {}): Promise<string> => {
    const { stdout } = await run(join(bin, "pm2"), args, { cwd: folder, env: { ...base, ...env }, maxBuffer: 1 << 26 });
    return stdout;
  };
  const list = async (): Promise<Pm2Process[]> => parseProcessList(await pm2(["jlist"]));
  return {
    folder,
    pm2,
    list,
    application: (options = {}) => makeApplication({ folder, pm2, list }, options),
    async close() {
      // Its signal handler ends all it runs; it needs no program, which may be what the test broke.
      const daemon = Number(await readFile(join(home, "pm2.pid"), "utf8").catch(() => "0"));
      await pm2(["kill"]).catch(() => "");
      if (daemon > 0 && (await startOf(local, daemon)) !== undefined) {
        process.kill(daemon, "SIGTERM");
        await poll(async () => ((await startOf(local, daemon)) === undefined ? true : undefined), { limit: 10_000 });
      }
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

async function makeApplication(lab: Pick<Pm2Lab, "folder" | "pm2" | "list">, options: Partial<AppOptions>): Promise<Pm2Application> {
  const app = `agenda${++numbered}`;
  const folder = join(lab.folder, app);
  const source = join(folder, "source");
  const home = join(folder, "aplomo-home");
  const port = await freePort();
  await mkdir(source, { recursive: true });
  await copyFile(join(root, "packages/aplomo/test/fixtures/pm2-app/server.cjs"), join(source, "server.cjs"));
  let environment: Record<string, string> = {};
  const events: Event[] = [];
  const signal = new AbortController();
  const settings = v.parse(schema, {
    app,
    target: {
      kind: "pm2",
      source: "source",
      script: "server.cjs",
      port,
      instances: options.instances ?? 1,
      ...(options.exec_mode ? { exec_mode: options.exec_mode } : {}),
      kill_timeout: "4s",
      listen_timeout: "8s",
      ...options.target,
    },
    ...options.settings,
  });
  const self: Pm2Application = {
    app,
    port,
    url: `http://127.0.0.1:${port}`,
    folder,
    source,
    home,
    events,
    signal,
    config: () => ({
      file: join(folder, "aplomo.yml"),
      directory: folder,
      settings,
      environment: new Map(Object.entries(environment).map(([name, value]) => [name, { value: new Secret(value), origin: "test" }])),
    }),
    context: () => ({ host: local, emit: (event) => events.push(event), signal: signal.signal, home, now: () => new Date() }),
    open: () => openPm2(self.context(), self.config()),
    async change({ version, behaviour, env }) {
      await writeFile(join(source, "version"), version);
      await writeFile(join(source, "behaviour"), behaviour ?? "good");
      if (env) environment = env;
    },
    async startByHand() {
      const mode = settings.target.kind === "pm2" && settings.target.instances > 1 ? ["-i", String(settings.target.instances)] : [];
      const env = { ...environment, ...options.shell, PORT: String(port), NODE_ENV: "production" };
      await lab.pm2(["start", join(source, "server.cjs"), "--name", app, "--kill-timeout", "4000", ...mode], env);
      const answer = await poll(async () => textOf(self.url), { limit: 10_000 });
      if (answer === undefined) throw new Error("the fixture does not answer");
    },
    async release(id) {
      const path = join(folder, "releases", id);
      await mkdir(path, { recursive: true, mode: 0o700 });
      return { id, path };
    },
    async running(version = "1") {
      await self.change({ version });
      const { target, release } = await self.staged("r1");
      await target.start(release, null);
      return { target, release };
    },
    async staged(id) {
      const target = self.open();
      const release = await self.release(id);
      await target.stage(release);
      return { target, release };
    },
    processes: async () =>
      (await lab.list()).filter(({ name }) => name === app || name.startsWith(`${app}@`) || name.startsWith(`${app}-`)),
    async remove() {
      const ids = (await self.processes()).map(({ id }) => String(id));
      if (ids.length > 0) await lab.pm2(["delete", ...ids]);
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
  return self;
}
