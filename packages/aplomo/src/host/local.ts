import { spawn as spawnProcess } from "node:child_process";
import { Readable } from "node:stream";
import { reason } from "../base/errors.ts";
import { reveal } from "../base/secret.ts";
import { CommandError, type Command, type Host, type Result, type Running, type Stdio } from "./run.ts";

const keep = 8 * 1024 * 1024;
const graceMs = 5_000;

/** This machine. */
export const local: Host = {
  attempt,
  async run(command, signal) {
    const result = await attempt(command, signal);
    if (result.code !== 0 || result.timedOut) throw new CommandError(command, result);
    return result;
  },
  spawn,
};

async function attempt(command: Command, signal?: AbortSignal): Promise<Result> {
  signal?.throwIfAborted();
  const started = performance.now();
  const child = tryToSpawn(command, [command.input === undefined ? "ignore" : "pipe", "pipe", "pipe"]);
  let timedOut = false;
  const end = (): void => terminate(child);
  const timer =
    command.timeout === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          end();
        }, command.timeout);
  signal?.addEventListener("abort", end, { once: true });
  try {
    // A program may end without reading its input; its exit status is what counts then.
    child.stdin?.on("error", () => {}).end(command.input);
    const [stdout, stderr, status] = await Promise.all([collect(child.stdout), collect(child.stderr), child.ended]);
    signal?.throwIfAborted();
    return { ...status, timedOut, stdout, stderr, durationMs: performance.now() - started };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}

function spawn(command: Command, stdio: Stdio): Running {
  const [program, ...rest] = command.argv;
  const child = spawnProcess(program, rest, {
    cwd: command.cwd,
    env: environment(command),
    // A session of its own: Ctrl-C is ours to answer, and must not end the programs that take things back.
    detached: true,
    // Node takes streams here too and hands their descriptor to the child: data then never passes through Node.
    stdio: [...stdio],
  });
  // The program has a copy of its own. While ours stayed open, the writer would never hear that its reader has gone.
  const [input] = stdio;
  if (input instanceof Readable) input.destroy();
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    // 127 is what a shell answers for a program that cannot be started.
    child.once("error", (error) => {
      child.stderr?.push(`${error.message}\n`);
      child.stderr?.push(null);
      child.stdout?.push(null);
      resolve({ code: 127, signal: null });
    });
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  return {
    pid: child.pid ?? -1,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    kill: (signal = "SIGTERM") => void child.kill(signal),
    leave: () => child.unref(),
  };
}

/** Some programs the system refuses at once (arguments too long, not executable); a caller of `attempt` hears of all of them the same way. */
function tryToSpawn(command: Command, stdio: Stdio): Running {
  try {
    return spawn(command, stdio);
  } catch (error) {
    const stderr = Readable.from([`${reason(error)}\n`]);
    return {
      pid: -1,
      stdin: null,
      stdout: null,
      stderr,
      ended: Promise.resolve({ code: 127, signal: null }),
      kill: () => {},
      leave: () => {},
    };
  }
}

function environment(command: Command): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = command.cleanEnv ? {} : { ...process.env };
  for (const [name, value] of Object.entries(command.env ?? {})) {
    if (value === undefined) delete env[name];
    else env[name] = reveal(value);
  }
  return env;
}

function terminate(child: Running): void {
  child.kill("SIGTERM");
  const force = setTimeout(() => {
    child.kill("SIGKILL");
    // A program it started may hold its output open for ever.
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, graceMs);
  void child.ended.finally(() => clearTimeout(force));
}

async function collect(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = "";
  if (!stream) return text;
  stream.setEncoding("utf8");
  try {
    for await (const chunk of stream) {
      text += chunk;
      if (text.length > 2 * keep) text = text.slice(-keep);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
  return text.length > keep ? text.slice(-keep) : text;
}
