import type { Place, Source } from "../place.ts";

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
  /** The first lines' `# escape=`. */
  instructions: Instruction[];
}

const known =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)$/;

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

function readInstructions(source: Source): Instruction[] {
  const { text } = source;
  const escape = /^\uFEFF?(?:#[^\n]*\n)*?#\s*escape\s*=\s*`/i.test(text.slice(0, 500)) ? "`" : "\\";
  const found: Instruction[] = [];
  let at = 0;
  while (at < text.length) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    const match = /^\s*([A-Za-z]+)(?=\s|$)/.exec(line);
    const name = match?.[1]?.toUpperCase() ?? "";
    if (!match || !known.test(name)) {
      at = end + 1;
      continue;
    }
    const start = at + match[0].length;
    const logical = joinLines(text, start, escape);
    const heredocEnd = /^(RUN|COPY|ADD)$/.test(name) ? afterHeredocs(text, logical) : logical.end;
    found.push(instruction(source, name, at + match[0].length - name.length, start, logical, heredocEnd));
    at = heredocEnd + 1;
  }
  return found;
}

interface Logical {
  body: string;
  end: number;
}

/** A line with those that continue it; what joins them, and comments between them, become blanks. */
function joinLines(text: string, start: number, escape: string): Logical {
  const parts: string[] = [];
  let from = start;
  for (;;) {
    const end = endOfLine(text, from);
    const line = text.slice(from, end);
    const continues = /^(.*)([\\`])([ \t\r]*)$/s.exec(line);
    const isComment = from !== start && /^\s*#/.test(line);
    const isBlank = from !== start && /^\s*$/.test(line);
    if (isComment || isBlank) {
      parts.push(" ".repeat(line.length));
    } else if (continues?.[2] === escape) {
      parts.push(`${continues[1] ?? ""}${" ".repeat((continues[3] ?? "").length + 1)}`);
    } else {
      parts.push(line);
      return { body: parts.join(" "), end };
    }
    if (end >= text.length) return { body: parts.join(" "), end };
    from = end + 1;
  }
}

/** The end of the here-documents that a RUN or COPY opens. */
function afterHeredocs(text: string, logical: Logical): number {
  let { end } = logical;
  for (const [, , name = ""] of logical.body.matchAll(/(?<!<)<<-?(["']?)([A-Za-z_]\w*)\1/g)) {
    const close = new RegExp(`^\\t*${name}\\r?$`, "m");
    const from = end + 1;
    const match = close.exec(text.slice(from));
    if (!match) return end;
    end = from + match.index + match[0].length;
  }
  return end;
}

function instruction(source: Source, name: string, at: number, start: number, logical: Logical, end: number): Instruction {
  const flags = new Map<string, string>();
  // A here-document is the RUN's script.
  const heredoc = end > logical.end && name === "RUN" && /^\s*<<-?\S+\s*$/.test(logical.body.replace(/^(\s*--\S+)+/, ""));
  let body = heredoc ? source.text.slice(logical.end + 1, source.text.lastIndexOf("\n", end - 1) + 1) : logical.body;
  let from = heredoc ? logical.end + 1 : start;
  if (!heredoc) {
    for (;;) {
      const flag = /^\s*--([a-z][\w-]*)(?:=(\S*))?(?=\s)/.exec(body);
      if (!flag) break;
      flags.set(flag[1] ?? "", unquote(flag[2] ?? ""));
      body = body.slice(flag[0].length);
      from += flag[0].length;
    }
    const blank = /^\s*/.exec(body)?.[0].length ?? 0;
    body = body.slice(blank);
    from += blank;
  }
  return {
    name,
    place: source.at(at, Math.max(at, logical.end)),
    flags,
    body: body.replace(/\r/g, " "),
    start: from,
    json: jsonWords(name, body),
  };
}

function jsonWords(name: string, body: string): string[] | undefined {
  if (name === "HEALTHCHECK") return jsonWords("CMD", body.replace(/^CMD\s+/i, ""));
  if (!body.trimStart().startsWith("[")) return undefined;
  try {
    const words: unknown = JSON.parse(body);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    return undefined;
  }
}

export function unquote(text: string): string {
  return /^(["']).*\1$/s.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}

function endOfLine(text: string, from: number): number {
  const index = text.indexOf("\n", from);
  return index === -1 ? text.length : index;
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
