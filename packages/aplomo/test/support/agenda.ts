import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "../../src/base/events.ts";
import { cli } from "./cli.ts";
import { root } from "./root.ts";

/** The agenda on one target, with a home, a port and data of its own. */
export interface AgendaRig {
  kind: string;
  folder: string;
  port: number;
  env: NodeJS.ProcessEnv;
  /** Words that start a program where it reaches the units, when that is not here. */
  within?: readonly string[];
  /** Puts a version of the app where aplomo.yml stands. */
  assemble(version: string): Promise<void>;
  /** Replaces text in aplomo.yml, from the next `assemble` on: `watch: 3s`. */
  configure(from: RegExp, to: string): void;
  /** Sets one variable of the application's environment, or removes it. */
  setVariable(name: string, value: string | undefined): Promise<void>;
  /** What is in front and what it holds, found out without Aplomo: code, environment, schema and rows. */
  state(): Promise<AgendaState>;
  close(): Promise<void>;
}

export interface AgendaState {
  /** The version `/` of the app says it is, or `down`. */
  version: string;
  /** Image id or release folder, of every unit. */
  code: string[];
  /** A value of the environment inside every unit. */
  clinic: string[];
  /** Hash of schema and rows of every table. */
  data: Record<string, string>;
}

export interface Run {
  code: number | null;
  events: Event[];
  output: string;
}

/** Runs `aplomo ... --json` in the rig's folder. */
export async function aplomo(rig: Pick<AgendaRig, "folder" | "env" | "within">, ...args: string[]): Promise<Run> {
  return runProgram(rig, [cli, ...args, "--json"]);
}

/** As `aplomo`, and acts once: when it has begun a step, or has printed what a pattern looks for. */
export async function aplomoWhile(
  rig: AgendaRig,
  moment: string | RegExp,
  act: (child: ChildProcess) => void,
  ...args: string[]
): Promise<Run> {
  const come = (output: string): boolean =>
    typeof moment === "string" ? output.includes(`"type":"step.started","step":"${moment}"`) : moment.test(output);
  let acted = false;
  return runProgram(rig, [cli, ...args, "--json"], (output, child) => {
    if (acted || !come(output)) return;
    acted = true;
    act(child);
  });
}

/** A program of ours under the rig's environment; its standard output is NDJSON. */
export async function runProgram(
  rig: Pick<AgendaRig, "folder" | "env" | "within">,
  argv: string[],
  watch: (output: string, child: ChildProcess) => void = () => {},
): Promise<Run> {
  const [program = "", ...words] = [...(rig.within ?? []), process.execPath, ...argv];
  const child = spawn(program, words, { cwd: rig.folder, env: rig.env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    watch(output, child);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const [code] = (await once(child, "close")) as [number | null];
  const events = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Event);
  return { code, events, output: output + errors };
}

export function finishedOf(run: Run): Extract<Event, { type: "deployment.finished" }> {
  const last = run.events.at(-1);
  if (last?.type === "deployment.finished") return last;
  throw new Error(`the last event is not deployment.finished:\n${run.output.slice(-3_000)}`);
}

export function failureOf(run: Run): Extract<Event, { type: "step.failed" }> {
  const failed = run.events.find((event) => event.type === "step.failed");
  if (failed?.type === "step.failed") return failed;
  throw new Error(`no step failed:\n${run.output.slice(-3_000)}`);
}

/** What both rigs share: folder, port, editing of aplomo.yml and .env. */
export async function baseRig(
  kind: string,
): Promise<Omit<AgendaRig, "assemble" | "state" | "close"> & { configFile: string; finishAssembly(): Promise<void> }> {
  const top = await mkdtemp(join(tmpdir(), `aplomo-${kind}-`));
  const folder = join(top, "agenda");
  const port = await freePort();
  const variables = new Map<string, string>([["CLINIC_NAME", "Lab Clinic 1"]]);
  const edits: [RegExp, string][] = [
    [/127\.0\.0\.1:3000/g, `127.0.0.1:${port}`],
    // Longer than the 4 s after which the version `exit-zero` ends itself.
    [/watch: \w+/, "watch: 7s"],
    [/within: \w+/, "within: 20s"],
  ];
  const configFile = join(folder, "aplomo.yml");
  const writeEnv = (): Promise<void> =>
    writeFile(join(folder, ".env"), [...variables].map(([name, value]) => `${name}=${value}\n`).join(""), { mode: 0o600 });
  return {
    kind,
    folder,
    port,
    configFile,
    env: { ...process.env, APLOMO_HOME: join(top, "home"), PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"]}` },
    configure: (from, to) => void edits.push([from, to]),
    async setVariable(name, value) {
      if (value === undefined) variables.delete(name);
      else variables.set(name, value);
      if (existsSync(folder)) await writeEnv();
    },
    async finishAssembly() {
      let text = await readFile(configFile, "utf8");
      for (const [from, to] of edits) text = text.replace(from, to);
      await writeFile(configFile, text);
      await writeEnv();
    },
  };
}

/** The clinic's name as the app's own pages show it: a value of the environment, seen from outside. */
export async function clinicAt(port: number): Promise<string[]> {
  const pages = await Promise.all([1, 2, 3, 4].map(() => pageAt(port)));
  return [...new Set(pages.map((page) => /Lab Clinic \d+/.exec(page)?.[0] ?? "unset"))];
}

async function pageAt(port: number): Promise<string> {
  const page = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5_000), headers: { connection: "close" } });
  return page.text();
}

/** The version the app in front says it is. */
export async function versionAt(port: number): Promise<string> {
  try {
    const page = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5_000), headers: { connection: "close" } });
    return /\b(\d+\.\d+\.\d+)\b/.exec(await page.text())?.[1] ?? `answers ${page.status}`;
  } catch {
    return "down";
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
