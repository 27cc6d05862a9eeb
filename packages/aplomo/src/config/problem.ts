import { UsageError } from "../base/errors.ts";

/** Keys and list positions that lead to a value. */
export type Path = readonly (string | number)[];

/** Something wrong at a place in one file. */
export interface Fault {
  /** Both count from 1. */
  line: number;
  column: number;
  /** `target.port`, or a variable's name in an env file; empty when it is the file as a whole. */
  path: string;
  /** What was found, as written; secrets are masked. Null when nothing was. */
  value: string | null;
  /** A clause that names the value: `target.port is "high", not a port from 1 to 65535`. */
  message: string;
  /** The next act, as an imperative sentence without its full stop. */
  hint: string;
}

export interface Problem extends Fault {
  /** As seen from the present folder. */
  file: string;
}

/** Everything wrong in aplomo.yml and its env file, in the order of the files. Its message has one line for each. */
export class ConfigError extends UsageError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super({ operation: "read", subject: "the configuration" });
    this.problems = problems;
    this.message = problems.map(problemLine).join("\n");
  }
}

/** `aplomo.yml:12:9: target.port is "high", not a port from 1 to 65535. Write a port from 1 to 65535.` */
export function problemLine(problem: Problem): string {
  const text = `${problem.file}:${problem.line}:${problem.column}: ${problem.message}. ${problem.hint}`;
  return `${text.replace(/\s*[\r\n]+\s*/g, " ")}${/[.?]$/.test(text) ? "" : "."}`;
}

/** `databases.agenda.invariants`, `smoke[0].get`, `env.require["a b"]`. */
export function pathText(path: Path): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else if (!/^[\w-]+$/.test(key)) text += `[${JSON.stringify(key)}]`;
    else text += text === "" ? key : `.${key}`;
  }
  return text;
}

/** A map's key for a path. */
export function pathKey(path: Path): string {
  return JSON.stringify(path);
}
