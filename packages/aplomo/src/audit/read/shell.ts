import type { Place, Source } from "../place.ts";
import { Scanner } from "./shell-scanner.ts";

export type Operator = "" | "\n" | ";" | "&" | "&&" | "||" | "|" | "(" | ")" | "{" | "}";

export interface Word {
  /** As written. */
  raw: string;
  /** Without its quotes; `$NAME` stays. */
  value: string;
  place: Place;
  /** Some of it is in quotes. */
  quoted: boolean;
}

/** One simple command. */
export interface Command {
  words: Word[];
  /** `NAME=value` before the words; alone where there are none. */
  assignments: { name: string; value: string; place: Place }[];
  place: Place;
  before: Operator;
  after: Operator;
  /** Its exit status decides something: if, while, until, `!`, or the left side of && and ||. */
  tested: boolean;
  /** The loops around it, innermost last. */
  loops: Loop[];
  /** It stands inside `if`, `case`, a loop or a function: not on every path. */
  conditional: boolean;
  /** The function whose body it is in. */
  inFunction: string | undefined;
  /** Inside `$( )` or backticks: what the substitution stands in. */
  substituted: boolean;
  /** The words of a redirection: `>/dev/null`. */
  redirects: string[];
}

export interface Loop {
  kind: "for" | "while" | "until";
  start: number;
  end: number;
}

export interface Script {
  source: Source;
  /** In the order of the text; those of `$( )` before the command they stand in. */
  commands: Command[];
  /** The shell of its first line: `sh`, `bash`; undefined without `#!`. */
  shell: string | undefined;
  /** The text that was read. */
  start: number;
  end: number;
}

/** Reads a shell script, or a part of a file that is one. Whatever it holds, every command that can be told apart is found. */
export function parseShell(source: Source, start = 0, end = source.text.length, text = source.text): Script {
  const shebang = /^#!\s*\S*?(?:env\s+(?:-S\s+)?)?([\w.-]+)(?:\s|$)/.exec(text.slice(start, start + 200))?.[1];
  const commands = new Scanner(source, text, start, end).read();
  return { source, commands, shell: shebang, start, end };
}

/** `set -e` in force from the script's first lines: by set, or by its first line. */
export function stopsOnError(script: Script): boolean {
  if (/^#![^\n]*\s-[a-z]*e/.test(script.source.text.slice(script.start, script.start + 200))) return true;
  return script.commands.some((command) => setOptions(command).includes("e") || setOptions(command).includes("errexit"));
}

/** What a `set` switches on: `["e", "u", "pipefail"]`. */
export function setOptions(command: Command): string[] {
  if (command.words[0]?.value !== "set") return [];
  const found: string[] = [];
  const words = command.words.map((word) => word.value);
  for (const [index, word] of words.entries()) {
    if (/^-[a-z]+$/i.test(word)) found.push(...word.slice(1).replace("o", "").split(""));
    if (/^-[a-z]*o$/i.test(word)) found.push(words[index + 1] ?? "");
  }
  return found;
}

/** `pipefail` is set. */
export function failsOnPipe(script: Script): boolean {
  return script.commands.some((command) => setOptions(command).includes("pipefail"));
}

/** The command after this one that is reached by an operator: the `true` of `a || true`. */
export function following(script: Script, command: Command): Command | undefined {
  const index = script.commands.indexOf(command);
  return script.commands.slice(index + 1, index + 12).find((other) => other.place.start > command.place.end - 1 && !other.substituted);
}
