import type { Source } from "../place.ts";
import type { Instruction } from "./dockerfile.ts";

const known =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)$/;

/** Instructions in order; lines that are none are passed over. */
export function readInstructions(source: Source): Instruction[] {
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
