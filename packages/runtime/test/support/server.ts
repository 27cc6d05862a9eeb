import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A program under test, with everything it has said. */
export interface Program {
  child: ChildProcess;
  /** Both outputs, as they came. */
  said(): string;
  /** Resolves to `exit 0`, `SIGTERM`. */
  ended: Promise<string>;
}

/** Starts a program and listens to it; ended by SIGKILL when the test ends without it. */
export function start(argv: string[], options: { env?: NodeJS.ProcessEnv; cwd?: string; after: (work: () => unknown) => void }): Program {
  const [program = "", ...args] = argv;
  const child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  const ended = once(child, "close").then(([code, signal]) => (signal === null ? `exit ${code}` : String(signal)));
  options.after(() => {
    child.kill("SIGKILL");
    return ended;
  });
  return { child, said: () => text, ended };
}

/** Asks until the answer is true; rejects after 30 s, with what it waited for and whatever `also` says. */
export async function until(what: string, ask: () => unknown, also: () => string = () => ""): Promise<void> {
  const end = performance.now() + 30_000;
  while (!(await ask())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}\n${also()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until the server answers on this port. */
export function listening(port: number, program: Program): Promise<void> {
  return until(`port ${port}`, () => fetch(`http://127.0.0.1:${port}/`).then(Boolean, () => false), program.said);
}

/** A port nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
