import type { Source } from "../place.ts";
import type { Word } from "./shell.ts";

/** A word from `at`: quotes, escapes, `${ }`, `$( )` and backticks belong to it. What is substituted is handed over as a range. */
export function readWord(source: Source, text: string, at: number, end: number, nested: (from: number, to: number) => void): Word {
  const start = at;
  let value = "";
  let quoted = false;
  while (at < end) {
    const character = text[at] ?? "";
    if (/[\s;&|<>()]/.test(character) && !(character === "<" && text[at + 1] === "(" && at === start)) break;
    if (character === "\\") {
      const line = /^\\\r?\n/.exec(text.slice(at, at + 3))?.[0];
      if (line === undefined) value += text[at + 1] ?? "";
      at += line?.length ?? 2;
    } else if (character === "'") {
      const close = indexBefore(text, "'", at + 1, end);
      value += text.slice(at + 1, close);
      quoted = true;
      at = close + 1;
    } else if (character === '"') {
      const inner = readDouble(text, at, end, nested);
      value += inner.value;
      quoted = true;
      at = inner.end;
    } else if (character === "$" || character === "`" || character === "<") {
      const close = afterDollar(text, at, end, nested);
      value += text.slice(at, close);
      at = close;
    } else {
      value += character;
      at++;
    }
  }
  at = Math.min(Math.max(at, start), end);
  return { raw: text.slice(start, at), value, quoted, place: source.at(start, at) };
}

function readDouble(text: string, at: number, end: number, nested: (from: number, to: number) => void): { value: string; end: number } {
  let value = "";
  at++;
  while (at < end && text[at] !== '"') {
    const character = text[at] ?? "";
    if (character === "\\") {
      const next = text[at + 1] ?? "";
      value += /["\\$`]/.test(next) ? next : next === "\n" ? "" : `\\${next}`;
      at += 2;
    } else if (character === "$" || character === "`") {
      const close = afterDollar(text, at, end, nested);
      value += text.slice(at, close);
      at = close;
    } else {
      value += character;
      at++;
    }
  }
  return { value, end: at + 1 };
}

/** The end of what a `$`, a backtick or `<(` begins. */
function afterDollar(text: string, at: number, end: number, nested: (from: number, to: number) => void): number {
  if (text[at] === "`") {
    const close = indexBefore(text, "`", at + 1, end);
    nested(at + 1, close);
    return close + 1;
  }
  if (text[at + 1] === "{") return closing(text, at + 2, end, "{", "}") + 1;
  if (text[at + 1] !== "(") return at + 1;
  const close = closing(text, at + 2, end, "(", ")");
  if (text[at + 2] !== "(" || text[at] === "<") nested(at + 2, close);
  return close + 1;
}

/** The bracket that closes, with quotes and inner brackets passed over. */
function closing(text: string, at: number, end: number, open: string, close: string): number {
  let depth = 1;
  while (at < end) {
    const character = text[at];
    if (character === "\\") at++;
    else if (character === "'" && close === ")") at = indexBefore(text, "'", at + 1, end);
    else if (character === '"') {
      at++;
      // A substitution inside quotes may hold quotes of its own: only its brackets are counted.
      let inner = 0;
      while (at < end && (text[at] !== '"' || inner > 0)) {
        if (text[at] === "\\") at++;
        else if (text[at] === "$" && text[at + 1] === "(") inner++;
        else if (text[at] === ")" && inner > 0) inner--;
        at++;
      }
    } else if (character === open) depth++;
    else if (character === close && --depth === 0) return at;
    at++;
  }
  return end;
}

function indexBefore(text: string, wanted: string, from: number, end: number): number {
  const index = text.indexOf(wanted, from);
  return index === -1 || index > end ? end : index;
}

export function skipComment(text: string, at: number, end: number): number {
  return indexBefore(text, "\n", at, end);
}
