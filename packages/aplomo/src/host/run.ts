import type { Readable, Writable } from "node:stream";
import { AplomoError } from "../base/errors.ts";
import type { Secret } from "../base/secret.ts";

/** One program to run: an argument vector, never a shell string. Values that are secret go in `env` or `input`. */
export interface Command {
  argv: readonly [string, ...string[]];
  cwd?: string;
  /** Added to the environment Aplomo itself has; `undefined` removes a variable. */
  env?: Record<string, string | Secret | undefined>;
  /** True: the program sees only `env`, nothing of Aplomo's own environment. */
  cleanEnv?: boolean;
  /** Written to its standard input, which is closed after it; default: no input. */
  input?: string;
  /** Milliseconds after which it is ended (SIGTERM, then SIGKILL after 5 s); default: none. */
  timeout?: number;
}

/** How a program ended. `code` is null when a signal ended it. */
export interface Result {
  code: number | null;
  signal: NodeJS.Signals | null;
  timedOut: boolean;
  stdout: string;
  stderr: string;
  durationMs: number;
}

/** A program under way whose streams the caller connects. Not reading a piped stream blocks the program. */
export interface Running {
  pid: number;
  stdin: Writable | null;
  stdout: Readable | null;
  stderr: Readable | null;
  /** Resolves when it has ended and its streams are closed; never rejects for an exit status. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal?: NodeJS.Signals): void;
  /** It may outlive this process, which then need not wait for it to end. */
  leave(): void;
}

/** For each of stdin, stdout, stderr: `ignore`, `pipe`, a file descriptor, or another program's stream (a kernel pipe). */
export type Stdio = readonly ["ignore" | "pipe" | number | Readable, "ignore" | "pipe" | number, "ignore" | "pipe" | number];

/** Where programs run. The only room that starts processes implements it; a recording double stands in for unit tests. */
export interface Host {
  /** Runs to the end and returns how it ended, whatever the exit status. Output over 8 MiB a stream keeps its end. */
  attempt(command: Command, signal?: AbortSignal): Promise<Result>;
  /** As `attempt`, but an exit status other than 0 throws a `CommandError`. */
  run(command: Command, signal?: AbortSignal): Promise<Result>;
  /** Starts a program with the given streams, for pipes and for sessions. */
  spawn(command: Command, stdio: Stdio): Running;
}

/** A program failed. The message carries its name and the last lines it said; never its environment. */
export class CommandError extends AplomoError {
  readonly argv: readonly string[];
  readonly result: Result;

  constructor(command: Command, result: Result) {
    super({ operation: "run", subject: command.argv.join(" "), cause: describe(command, result) });
    this.argv = command.argv;
    this.result = result;
  }
}

function describe(command: Command, result: Result): string {
  const said = lastLines(result.stderr.trim() || result.stdout.trim(), 5);
  const how = result.timedOut
    ? `it did not end within ${(command.timeout ?? 0) / 1_000} s`
    : result.signal
      ? `ended by ${result.signal}`
      : `exit code ${result.code}`;
  return said ? `${how}: ${said}` : how;
}

/** The last `count` lines of a text. */
export function lastLines(text: string, count: number): string {
  return text.split("\n").slice(-count).join("\n");
}
