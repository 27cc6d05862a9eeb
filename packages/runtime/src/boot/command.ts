import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { createInterface } from "node:readline";
import { searchPath } from "./artefacts.ts";
import type { Boot } from "./context.ts";
import type { Argv } from "./settings.ts";

/** Lines of output kept to find out why a command failed. */
const kept = 50;
/** Milliseconds between SIGTERM and SIGKILL. */
const grace = 5_000;

export interface CommandResult {
  ok: boolean;
  /** `exit 1`, `SIGTERM`, `its time of 600 s is over`. */
  ending: string;
  /** The last lines of both outputs, without secrets. */
  tail: string;
}

export interface CommandOptions {
  /** Milliseconds. */
  limit: number;
  env?: Record<string, string>;
  /** Ends the command when aborted, besides the end of the boot. */
  signal?: AbortSignal;
}

/** Runs a command to its end, its output passing through without secrets. Never rejects: a program that cannot be started is a failure as well. */
export function runCommand({ env, redact, signal }: Boot, run: Argv, options: CommandOptions): Promise<CommandResult> {
  const [program = "", ...args] = run;
  const tail: string[] = [];
  return new Promise((resolve) => {
    // A group of its own: package managers do not pass signals on to what they started.
    const child = spawn(program, args, {
      env: { ...env, PATH: searchPath(env), ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let why: string | undefined;
    const kill = (name: NodeJS.Signals): void => {
      try {
        if (child.pid) process.kill(-child.pid, name);
      } catch {
        // It is gone already.
      }
    };
    let last: NodeJS.Timeout | undefined;
    const stop = (reason: string): void => {
      why ??= reason;
      kill("SIGTERM");
      last ??= setTimeout(kill, grace, "SIGKILL");
    };
    const timer = setTimeout(stop, options.limit, `its time of ${Math.round(options.limit / 100) / 10} s is over`);
    const aborted = (): void => stop("stopped");
    const signals = [signal, ...(options.signal ? [options.signal] : [])];
    for (const each of signals) each.addEventListener("abort", aborted);
    const end = (ok: boolean, ending: string): void => {
      clearTimeout(timer);
      clearTimeout(last);
      for (const each of signals) each.removeEventListener("abort", aborted);
      resolve({ ok, ending: why ?? ending, tail: tail.join("\n") });
    };
    pass(child.stdout, process.stdout, redact, tail);
    pass(child.stderr, process.stderr, redact, tail);
    child.on("error", (error) => end(false, error.message));
    child.on("close", (code, name) => end(code === 0 && why === undefined, name ?? `exit ${code}`));
    if (signals.some(({ aborted }) => aborted)) aborted();
  });
}

function pass(from: Readable, to: Writable, redact: (line: string) => string, tail: string[]): void {
  createInterface({ input: from }).on("line", (line) => {
    const clean = redact(line);
    to.write(`${clean}\n`);
    tail.push(clean);
    if (tail.length > kept) tail.shift();
  });
}
