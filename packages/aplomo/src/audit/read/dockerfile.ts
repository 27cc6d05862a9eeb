import type { Place, Source } from "../place.ts";
import { readInstructions, unquote } from "./dockerfile-lines.ts";

export interface Instruction {
  /** In capitals: `RUN`. */
  name: string;
  place: Place;
  /** Flags before the arguments: `--from=build` as `from: "build"`. */
  flags: Map<string, string>;
  /** The arguments; continued lines are joined by blanks, so that an offset in it is one in the file. */
  body: string;
  /** Where `body` begins. */
  start: number;
  /** The arguments of the JSON form; undefined for the shell form. */
  json: string[] | undefined;
}

export interface Stage {
  index: number;
  name: string | undefined;
  /** The image, with defaults of ARG put in; the name of an earlier stage stays as it is. */
  image: string;
  /** The stage it is built on. */
  base: Stage | undefined;
  from: Instruction;
  instructions: Instruction[];
}

export interface Dockerfile {
  source: Source;
  stages: Stage[];
  /** All of them, also those before the first FROM. */
  instructions: Instruction[];
}

/** Reads a Dockerfile; lines that are no instruction are passed over, as every other line still counts. */
export function parseDockerfile(source: Source): Dockerfile {
  const instructions = readInstructions(source);
  const args = new Map<string, string>();
  const stages: Stage[] = [];
  for (const instruction of instructions) {
    const stage = stages.at(-1);
    if (instruction.name === "FROM") stages.push(openStage(instruction, stages, args));
    else if (stage) stage.instructions.push(instruction);
    else if (instruction.name === "ARG") {
      const [, name = "", value = ""] = /^(\w+)=?(.*)$/s.exec(instruction.body.trim()) ?? [];
      args.set(name, unquote(value.trim()));
    }
  }
  return { source, stages, instructions };
}

function openStage(from: Instruction, stages: readonly Stage[], args: ReadonlyMap<string, string>): Stage {
  const words = from.body.trim().split(/\s+/);
  const image = expandArgs(words[0] ?? "", args);
  const name = /^as$/i.test(words[1] ?? "") ? words[2]?.toLowerCase() : undefined;
  const base = stages.findLast((stage) => stage.name === image.toLowerCase());
  return { index: stages.length, name, image, base, from, instructions: [] };
}

/** `${NAME}`, `$NAME`, `${NAME:-default}` by the ARGs before the first FROM. */
export function expandArgs(text: string, args: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)/g,
    (whole, braced: string | undefined, fallback: string | undefined, plain: string | undefined) => {
      const name = braced ?? plain ?? "";
      return args.get(name) || fallback || (args.has(name) ? "" : whole);
    },
  );
}

/** The stage an image is made of: the named one, else the last. */
export function finalStage(file: Dockerfile, target?: string): Stage | undefined {
  return (target === undefined ? undefined : file.stages.find((stage) => stage.name === target.toLowerCase())) ?? file.stages.at(-1);
}

/** Instructions of a stage and of the stages it is built on, first to last. */
export function inherited(stage: Stage | undefined): Instruction[] {
  return chain(stage)
    .toReversed()
    .flatMap((one) => one.instructions);
}

/** The image at the bottom of a stage. */
export function bottomImage(stage: Stage): string {
  return chain(stage).at(-1)?.image ?? stage.image;
}

/** A stage and those below it; a stage is only ever built on an earlier one. */
function chain(stage: Stage | undefined): Stage[] {
  const stages: Stage[] = [];
  for (let one = stage; one && stages.length < 100; one = one.base) stages.push(one);
  return stages;
}

/** The assignments of ENV and ARG: names, values, and where each stands. */
export function assignments(instruction: Instruction): { name: string; value: string | undefined; offset: number }[] {
  const { body, start, name } = instruction;
  const old = /^([A-Za-z_]\w*)\s+([^=].*)$/s.exec(body);
  if (name === "ENV" && old && !/^[A-Za-z_]\w*=/.test(body)) return [{ name: old[1] ?? "", value: old[2]?.trim(), offset: start }];
  const found = body.matchAll(/(?:^|\s)([A-Za-z_]\w*)(?:=((?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])*))?/g);
  return [...found].map((match) => ({
    name: match[1] ?? "",
    value: match[2] === undefined ? undefined : unquote(match[2]),
    offset: start + match.index + (match[0].length - match[0].trimStart().length),
  }));
}
