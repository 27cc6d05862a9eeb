import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { poll } from "../../src/base/time.ts";
import { freePort } from "../../src/targets/pm2/listening.ts";

/** A server program that a test runs in the foreground. */
export interface ServerProcess {
  port: number;
  /** SIGKILL, as a power cut, for it and what it started. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
}

/** Starts a program that listens on a port of this machine, and waits until it does. */
export async function startServer(command: (port: number) => [string, ...string[]], env: NodeJS.ProcessEnv = {}): Promise<ServerProcess> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const server: ServerProcess = {
    port,
    async kill() {
      const running = child;
      if (!running || running.exitCode !== null || running.signalCode !== null) return;
      const ended = new Promise((resolve) => running.once("exit", resolve));
      running.kill("SIGSTOP");
      for (const pid of family(running.pid ?? 0)) kill(pid);
      await ended;
    },
    async start() {
      const [program, ...args] = command(port);
      const running = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...env } });
      child = running;
      let said = "";
      running.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-2_000)));
      const up = await poll(async () => (running.exitCode === null ? listens(port) : false), { limit: 30_000 });
      if (!up) throw new Error(`${program} did not start: ${said}`);
    },
  };
  try {
    await server.start();
  } catch (error) {
    await server.kill();
    throw error;
  }
  return server;
}

function listens(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(undefined));
  });
}

/** A process and those it started, the youngest first. */
function family(pid: number): number[] {
  let children: string[] = [];
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
  } catch {
    // It is gone.
  }
  return [...children.flatMap((child) => family(Number(child))), pid];
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
