import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Edge, EdgeCapabilities, Site } from "../../src/edges/contract.ts";
import { openEdge, type EdgeChoice } from "../../src/edges/index.ts";
import { answers } from "../../src/edges/ports.ts";
import { poll } from "../../src/base/time.ts";
import { local } from "../../src/host/local.ts";
import type { Door } from "./edge-client.ts";
import type { EdgeCall, EdgeErrand } from "./edge-caller.ts";
import { EdgeUnits } from "./edge-units.ts";
import { root } from "./root.ts";

/** What a driver's test gives the suite. `edgeSuite(harness)` is its whole test file. */
export interface EdgeHarness {
  kind: string;
  /** Why it cannot run on this machine. */
  skip: false | string;
  capabilities: EdgeCapabilities;
  make(): Promise<EdgeRig>;
}

/** An edge of its own for one test, with nothing on it yet. */
export interface EdgeRig {
  home: string;
  units: EdgeUnits;
  /** Where an application's site is reached. */
  door(app: string): Door;
  /** The same without HTTPS. */
  plain: { port: number };
  site(app: string, changes?: Partial<Site>): Site;
  /** A new driver, as after a restart of Aplomo. */
  open(app: string, changes?: Partial<Site>): Edge;
  /** Another process that makes these calls. */
  caller(app: string, calls: EdgeCall[], then?: "stay"): ChildProcess;
  /** The edge's program dies by SIGKILL and is started again, as a supervisor or a reboot does. */
  restart(): Promise<void>;
  /** Process numbers of the edge's program. */
  pids(): Promise<number[]>;
  close(): Promise<void>;
}

interface Parts {
  choice(app: string): EdgeChoice;
  door: Omit<Door, "host">;
  plain?: { port: number };
  restart(): Promise<void>;
  pids(): Promise<number[]>;
  close(): Promise<void>;
  /** Changes to every site. */
  site?: Partial<Site>;
}

const program = join(root, ".cache/js/packages/aplomo/test/support/edge-caller.js");

/** Puts a rig together; `build` gets a folder of its own. */
export async function makeRig(build: (home: string) => Promise<Parts>): Promise<EdgeRig> {
  const home = await mkdtemp(join(tmpdir(), "aplomo-edge-"));
  const parts = await build(home);
  const units = new EdgeUnits();
  const callers = new Set<ChildProcess>();
  const ctx = { host: local, emit: () => {}, signal: new AbortController().signal, home, now: () => new Date() };
  const site: EdgeRig["site"] = (app, changes) => ({
    app,
    hosts: [`${app}.test`],
    path: "/",
    https: false,
    certificate: null,
    health: "/health",
    drain: 8_000,
    ...parts.site,
    ...changes,
  });
  return {
    home,
    units,
    door: (app) => ({ ...parts.door, host: `${app}.test` }),
    plain: parts.plain ?? parts.door,
    site,
    open: (app, changes) => openEdge(ctx, site(app, changes), parts.choice(app)),
    caller(app, calls, after) {
      const errand: EdgeErrand = { home, site: site(app), choice: parts.choice(app), calls, ...(after ? { after } : {}) };
      const child = spawn(process.execPath, [program, JSON.stringify(errand)], { stdio: ["ignore", "pipe", "inherit"] });
      callers.add(child);
      return child;
    },
    restart: () => parts.restart(),
    pids: () => parts.pids(),
    async close() {
      for (const child of callers) child.kill("SIGKILL");
      await units.close();
      await parts.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Waits until somebody accepts connections there. */
export async function awaitPort(port: number): Promise<void> {
  const up = await poll(async () => ((await answers(port)) ? true : undefined), { limit: 15_000 });
  if (!up) throw new Error(`nothing listens on ${port}`);
}

/** A program that the test runs itself, as the user's own nginx or Traefik. */
export class OwnProgram {
  readonly #argv: readonly [string, ...string[]];
  readonly #port: number;
  #child: ChildProcess | undefined;

  constructor(argv: readonly [string, ...string[]], port: number) {
    this.#argv = argv;
    this.#port = port;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(): Promise<void> {
    const [file, ...args] = this.#argv;
    this.#child = spawn(file, args, { stdio: ["ignore", "ignore", "inherit"], detached: true });
    await awaitPort(this.#port);
  }

  /** Its whole group. */
  async end(): Promise<void> {
    const child = this.#child;
    if (!child?.pid) return;
    this.#child = undefined;
    const ended = once(child, "exit");
    process.kill(-child.pid, "SIGKILL");
    await ended;
    await poll(async () => (await childrenOf(Number(child.pid))).length === 0 || undefined, { limit: 5_000 });
  }
}

/** SIGKILL, and waits. */
export async function endCaller(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

export async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await local.attempt({ argv: ["ps", "--ppid", String(pid), "-o", "pid="] });
  return stdout.trim().split(/\s+/).filter(Boolean).map(Number);
}

export async function memoryOf(pids: readonly number[]): Promise<number> {
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/status`, "utf8").catch(() => "")));
  return texts.reduce((sum, text) => sum + Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0), 0);
}
