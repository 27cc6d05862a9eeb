import { resolve } from "node:path";
import { isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import { Secret } from "../base/secret.ts";
import type { Source } from "./document.ts";
import { substitute } from "./substitute.ts";
import { readText } from "./text.ts";

/** Runs a program to its end; whoever loads the configuration gives it, since this room starts none. */
export type Attempt = (command: { argv: [string, ...string[]]; cwd: string; timeout: number }) => Promise<{
  code: number | null;
  timedOut: boolean;
  stdout: string;
  stderr: string;
}>;

/** A variable of `env.from`: its value, or why there is none. */
export type Brought = { line: number; value: Secret } | { line: number; message: string; hint: string };

/** A vault may ask a person to confirm. */
const limit = 60_000;

/** The variables that `env.from` names and `wanted` accepts, all asked for at once. Takes variables of its own from `shell` alone. */
export async function bring(
  source: Source,
  directory: string,
  shell: NodeJS.ProcessEnv,
  attempt: Attempt,
  wanted: (name: string) => boolean,
): Promise<Map<string, Brought>> {
  const node = source.document.getIn(["env", "from"], true);
  const pairs = isMap(node) ? (node.items as Pair<Node, Node | null>[]) : [];
  const entries = pairs.flatMap(({ key, value }) =>
    isScalar(key) && typeof key.value === "string" && wanted(key.value)
      ? [{ name: key.value, value, line: source.at(key.range?.[0] ?? 0).line }]
      : [],
  );
  const brought = await Promise.all(
    entries.map(async ({ name, value, line }) => [name, { line, ...(await bringOne(value, directory, shell, attempt)) }] as const),
  );
  return new Map(brought);
}

type One = { value: Secret } | { message: string; hint: string };

async function bringOne(node: Node | null, directory: string, shell: NodeJS.ProcessEnv, attempt: Attempt): Promise<One> {
  const text = (value: unknown): string | undefined => {
    if (!isScalar(value)) return undefined;
    const written = typeof value.value === "string" ? value.value : value.source;
    const done = written === undefined ? undefined : substitute(written, (name) => shell[name]);
    return done && done.faults.length === 0 ? done.text : undefined;
  };
  const form = { message: "has a command or a file that cannot be read", hint: "Its ${...} come from the shell that runs Aplomo alone" };
  if (!isMap(node)) return form;
  const [file, command] = [node.get("file", true), node.get("command", true)];
  if (file !== undefined) {
    const path = text(file);
    return path === undefined ? form : fromFile(resolve(directory, path));
  }
  const argv = isSeq(command) ? command.items.map(text) : [];
  const [program, ...args] = argv;
  if (program === undefined || args.includes(undefined)) return form;
  return fromCommand([program, ...(args as string[])], directory, attempt);
}

async function fromFile(path: string): Promise<One> {
  const read = await readText(path);
  return "text" in read ? whole(read.text, `in ${path}`) : { message: `cannot be had: ${read.message}`, hint: read.hint };
}

async function fromCommand(argv: [string, ...string[]], cwd: string, attempt: Attempt): Promise<One> {
  const { code, timedOut, stdout, stderr } = await attempt({ argv, cwd, timeout: limit });
  if (code === 0 && !timedOut) return whole(stdout, `said by ${argv[0]}`);
  const how = timedOut ? `did not end within ${limit / 1_000} s` : `ended with exit code ${code}`;
  const said = stderr.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
  return {
    message: `cannot be had: ${argv[0]} ${how}${said === "" ? "" : ` (${said})`}`,
    hint: `Try it in ${cwd}, signed in as Aplomo will be`,
  };
}

/** Editors and programs end a text with a newline that is no part of the value. */
function whole(text: string, where: string): One {
  const value = text.replace(/\r?\n$/, "");
  return value === "" ? { message: `is empty ${where}`, hint: "Put the value there" } : { value: new Secret(value) };
}
