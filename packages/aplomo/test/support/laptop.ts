import { execFile, spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { poll } from "../../src/base/time.ts";
import type { Place } from "./remote-place.ts";
import { root } from "./root.ts";

const run = promisify(execFile);

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** A command under way, as a person at a laptop started it. */
export interface Typed {
  /** What it printed until now. */
  said(): string;
  signal(name: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

/** A folder with an aplomo.yml whose `target.host` is `server`; several may be of the same application. */
export interface Laptop {
  folder: string;
  file: string;
  aplomo(...args: string[]): Promise<Ended>;
  begin(args: string[], env?: Record<string, string>): Typed;
  write(name: string, text: string): Promise<void>;
  /** Bytes of ssh in both directions since the last time this was asked. */
  traffic(): Promise<number>;
  /** Cuts every connection it has. */
  cut(): Promise<void>;
}

const relay = `
const { connect } = require("node:net"), { appendFileSync } = require("node:fs");
const [host, port, folder] = process.argv.slice(2);
const socket = connect(Number(port), host);
process.stdin.pipe(socket);
socket.pipe(process.stdout);
const end = () => { appendFileSync(folder + "/bytes", socket.bytesRead + socket.bytesWritten + "\\n"); process.exit(0); };
socket.on("close", end).on("error", end);
process.on("SIGTERM", end).on("SIGHUP", end);
`;

/** Aplomo as it is published, built below this folder; gives the file to run. */
export async function buildProgram(top: string): Promise<string> {
  const program = join(top, "program");
  await run(process.execPath, [join(root, "script/build.mjs"), program], { cwd: root });
  await writeFile(join(top, "relay.cjs"), relay);
  return join(program, "aplomo.js");
}

/** Its ssh goes through a relay that counts and can be cut. */
export async function makeLaptop(top: string, name: string, place: Place, program: string): Promise<Laptop> {
  const folder = join(top, name);
  const [counts, ssh, relayFile] = [join(folder, ".counts"), join(folder, ".ssh"), join(top, "relay.cjs")];
  for (const one of [folder, counts, ssh]) await mkdir(one, { recursive: true, mode: 0o700 });
  await writeFile(join(ssh, "known_hosts"), place.known);
  const lines = ["Host server", `HostName ${place.hostname}`, `User ${place.user}`, `IdentityFile ${place.identity}`, "IdentitiesOnly yes"];
  lines.push(`UserKnownHostsFile ${join(ssh, "known_hosts")}`, `ProxyCommand ${process.execPath} ${relayFile} %h %p ${counts}`);
  await writeFile(join(ssh, "config"), `${lines.join("\n  ")}\n`);
  // Its own engine has nothing to do with any of this.
  const env = { ...process.env, APLOMO_HOME: join(folder, ".home"), NO_COLOR: "1", DOCKER_HOST: "unix:///nowhere", FROM_SHELL: "as-usual" };
  const begin: Laptop["begin"] = (args, more = {}) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: { ...env, ...more } });
    let [stdout, stderr] = ["", ""];
    child.stdin.end();
    child.stdout.setEncoding("utf8").on("data", (part: string) => (stdout += part));
    child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
    const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code: code ?? -1, stdout, stderr })));
    return { said: () => stdout + stderr, signal: (signal) => void child.kill(signal), ended };
  };
  let counted = 0;
  return {
    folder,
    file: join(folder, "aplomo.yml"),
    begin,
    aplomo: (...args) => begin(args).ended,
    write: (file, text) => writeFile(join(folder, file), text),
    async traffic() {
      const numbers = (await readFile(join(counts, "bytes"), "utf8").catch(() => "")).split("\n").filter(Boolean).map(Number);
      const sum = numbers.reduce((total, number) => total + number, 0);
      const since = sum - counted;
      counted = sum;
      return since;
    },
    async cut() {
      const { stdout } = await run("ps", ["axww", "-o", "pid=,args="]);
      const mine = stdout.split("\n").filter((line) => line.includes(`${relayFile} `) && line.includes(counts));
      for (const line of mine) process.kill(Number.parseInt(line, 10), "SIGTERM");
    },
  };
}

/** Waits until a command has printed it, or has ended. */
export async function waitFor(typed: Typed, what: RegExp): Promise<void> {
  let over = false;
  void typed.ended.then(() => (over = true));
  const found = await poll(async () => (what.test(typed.said()) ? true : over ? false : undefined), { limit: 60_000, every: 50 });
  if (!found) throw new Error(`${String(what)} was never said:\n${typed.said()}`);
}
