import { PassThrough, Readable } from "node:stream";
import { CommandError, type Command, type Host, type Result, type Running } from "./run.ts";

/** A host that starts nothing: it keeps what it was asked to run and answers from a function. */
export interface RecordingHost extends Host {
  commands: Command[];
}

/** What a program would have answered; undefined: there is no such program. */
export type Answers = (argv: readonly string[], command: Command) => Partial<Result> | undefined;

export function recordingHost(answers: Answers): RecordingHost {
  const commands: Command[] = [];
  const answer = (command: Command): Result => {
    commands.push(command);
    const missing = { code: 127, stderr: `spawn ${command.argv[0]} ENOENT\n` };
    const ok = { code: 0, signal: null, timedOut: false, stdout: "", stderr: "", durationMs: 0 };
    return { ...ok, ...(answers(command.argv, command) ?? missing) };
  };
  return {
    commands,
    async attempt(command, signal) {
      signal?.throwIfAborted();
      return answer(command);
    },
    async run(command, signal) {
      signal?.throwIfAborted();
      const result = answer(command);
      if (result.code !== 0 || result.timedOut) throw new CommandError(command, result);
      return result;
    },
    spawn(command, stdio): Running {
      const { code, signal, stdout, stderr } = answer(command);
      return {
        pid: -1,
        stdin: stdio[0] === "pipe" ? new PassThrough().resume() : null,
        stdout: stdio[1] === "pipe" ? Readable.from([stdout]) : null,
        stderr: stdio[2] === "pipe" ? Readable.from([stderr]) : null,
        ended: Promise.resolve({ code, signal }),
        kill: () => {},
        leave: () => {},
      };
    },
  };
}
