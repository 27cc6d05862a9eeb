import { createReadStream, createWriteStream, read } from "node:fs";
import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AplomoError } from "../base/errors.ts";
import type { Context } from "../host/context.ts";
import { lastLines, type Command, type Running } from "../host/run.ts";

/** One part of a flow: a program, or a transformation inside Node. */
export type Stage =
  | { command: Command; started?: ((running: Running) => void) | undefined; message?: ((said: string) => string) | undefined }
  | { transform: () => Transform };

/** Bytes under way from one stage to the next. */
export interface Flow {
  /** What the last stage gives, when it was to be read here. */
  output: Readable | null;
  /** Resolves when every program has ended with 0 and every stream is through; rejects, once all have ended, with the failure that came first. */
  ended: Promise<void>;
  /** Ends all of it; `ended` then rejects. */
  stop(): void;
}

interface Failure {
  error: Error;
  /** Only because the next stage was gone. */
  follows: boolean;
}

/** A stream that is destroyed would close a file that is not its own. */
const leaveOpen = (_file: number, done: (error?: Error | null) => void): void => done();

const graceMs = 5_000;
const chunk = 256 * 1024;

/**
 * Starts the stages and connects them. Between two programs the kernel does it: the bytes never pass through Node.
 * `from` may be a stream. Where `from` and `to` are open files, whoever opened them closes them after `ended`.
 */
export function connect(ctx: Context, stages: readonly Stage[], from: number | Readable | null, to: number | "node" | "ignore"): Flow {
  const programs: Running[] = [];
  const streams: (Readable | Transform)[] = [];
  const parts: Promise<Failure | undefined>[] = [];
  let input: number | Readable | null = from;
  let direct = false;
  // All in one go, before Node has a chance to read from a pipe that is meant for the next program.
  for (const [index, stage] of stages.entries()) {
    const target = index < stages.length - 1 || to === "node" ? "pipe" : to;
    if ("command" in stage) {
      const between = input !== null && typeof input !== "number" && !direct;
      const program = ctx.host.spawn(stage.command, [input === null ? "ignore" : between ? "pipe" : input, target, "pipe"]);
      if (between) parts.push(feed(input as Readable, program));
      // Ours is closed, so that a program whose reader died is told so.
      else if (typeof input !== "number") input?.destroy();
      stage.started?.(program);
      programs.push(program);
      parts.push(watch(stage.command, program, stage.message));
      input = program.stdout;
      direct = true;
    } else {
      const source: Readable =
        typeof input === "number"
          ? createReadStream("", { fd: input, autoClose: false, highWaterMark: chunk, fs: { read, close: leaveOpen } })
          : (input as Readable);
      const transform = stage.transform();
      streams.push(source, transform);
      const sink = typeof target === "number" ? createWriteStream("", { fd: target, autoClose: false }) : undefined;
      parts.push(failureOf(sink ? pipeline(source, transform, sink) : pipeline(source, transform)));
      input = transform;
      direct = false;
    }
  }
  const stop = (): void => {
    for (const program of programs) end(program);
    for (const stream of streams) stream.destroy(new Error("it was stopped"));
  };
  ctx.signal.addEventListener("abort", stop, { once: true });
  const ended = Promise.all(parts).then((results) => {
    ctx.signal.removeEventListener("abort", stop);
    ctx.signal.throwIfAborted();
    const failures = results.filter((failure) => failure !== undefined);
    const first = failures.find((failure) => !failure.follows) ?? failures[0];
    if (first) throw first.error;
  });
  // Who reads `output` learns of a failure from `ended` later.
  ended.catch(() => {});
  return { output: to === "node" && typeof input !== "number" ? input : null, ended, stop };
}

function end(program: Running): void {
  program.kill("SIGTERM");
  const force = setTimeout(() => program.kill("SIGKILL"), graceMs);
  void program.ended.then(() => clearTimeout(force));
}

const lastFive = (said: string): string => lastLines(said, 5);

async function watch(command: Command, program: Running, message: (said: string) => string = lastFive): Promise<Failure | undefined> {
  let said = "";
  program.stderr?.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-8_192)));
  const { code, signal } = await program.ended;
  if (code === 0) return undefined;
  const how = signal ? `ended by ${signal}` : `exit code ${code}`;
  const cause = said.trim() ? `${how}: ${message(said.trim())}` : how;
  // Its name and not its arguments: those of a tool in a container say little.
  const name =
    command.argv[0] === "docker"
      ? (command.argv.find((argument) => /^(?:psql|pg_dump|mariadb|mysql|mariadb-dump|mysqldump|mongorestore)$/.test(argument)) ?? "docker")
      : command.argv[0];
  return {
    error: new AplomoError({ operation: "run", subject: name, cause }),
    follows: signal === "SIGPIPE" || /broken pipe|EPIPE|connection reset/i.test(said),
  };
}

async function feed(source: Readable, program: Running): Promise<Failure | undefined> {
  if (!program.stdin) return undefined;
  const failure = await failureOf(pipeline(source, program.stdin));
  // Its own exit status says why it stopped reading.
  return failure && { ...failure, follows: true };
}

async function failureOf(work: Promise<unknown>): Promise<Failure | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return { error: error as Error, follows: (error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE" };
  }
}
