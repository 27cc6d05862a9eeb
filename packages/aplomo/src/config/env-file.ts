import { Secret } from "../base/secret.ts";
import type { Fault } from "./problem.ts";

export interface EnvFile {
  variables: Map<string, { value: Secret; line: number }>;
  faults: Fault[];
}

const assignment = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/;
const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\", $: "$" };

/**
 * Reads an env file: `KEY=value`, `export KEY=value`, 'as it is', "with \n escapes", comments, quoted values over several lines.
 * A dollar sign is a dollar sign: nothing is interpolated. Every fault is found in one reading; none shows a value.
 */
export function parseEnvFile(content: string): EnvFile {
  const text = content.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const variables: EnvFile["variables"] = new Map();
  const faults: Fault[] = [];
  let line = 1;
  for (let start = 0; start < text.length;) {
    const end = endOfLine(text, start);
    const whole = text.slice(start, end);
    const match = assignment.exec(whole);
    const name = match?.[1];
    let last = end;
    if (match && name !== undefined) {
      const read = readValue(text, start + match[0].length, end);
      last = endOfLine(text, read.end);
      const first = variables.get(name);
      if ("message" in read) {
        faults.push({ ...place(text, start, line, read.at), path: name, value: null, message: `${name} ${read.message}`, hint: read.hint });
      } else if (first) {
        const message = `${name} is set twice, first in line ${first.line}`;
        faults.push({ line, column: 1, path: name, value: null, message, hint: "Remove one of the two lines" });
      } else variables.set(name, { value: new Secret(read.value), line });
    } else if (!/^\s*(#|$)/.test(whole)) {
      const message = whole.includes("=") ? "what stands before the = is not a variable's name" : "the line has no =";
      const hint = "Write NAME=value (letters, digits and _, no digit first), or begin a comment with #";
      faults.push({ line, column: 1, path: "", value: null, message, hint });
    }
    line += countNewlines(text, start, last) + 1;
    start = last + 1;
  }
  return { variables, faults };
}

/** A value and where it ends; or what is wrong, where, and from where reading can go on. */
type Reading = { value: string; end: number } | { message: string; hint: string; at: number; end: number };

function readValue(text: string, from: number, end: number): Reading {
  const quote = text[from];
  if (quote === "#" && text[from - 1] === "=") {
    const message = "begins with #, which some programs take for a comment";
    return { message, hint: "Put the value in quotes, or a space before the comment", at: from, end };
  }
  if (quote !== '"' && quote !== "'") {
    const value = text.slice(from, end).replace(/(^|\s+)#.*$/, "");
    return { value: value.trimEnd(), end };
  }
  const close = closingQuote(text, from, quote);
  if (close === -1) {
    const other = quote === "'" ? '"' : "'";
    return { message: `has a ${quote} that is never closed`, hint: `Close it, or write the value in ${other} quotes`, at: from, end };
  }
  if (!/^\s*$|^\s+#/.test(text.slice(close + 1, endOfLine(text, close)))) {
    const hint = "Put the whole value in quotes, and a space before a comment";
    return { message: "has text after its closing quote", hint, at: close + 1, end: close };
  }
  const inner = text.slice(from + 1, close);
  const value = quote === "'" ? inner : inner.replace(/\\([nrt"\\$])/g, (whole, letter: string) => escapes[letter] ?? whole);
  return { value, end: close };
}

function closingQuote(text: string, from: number, quote: string): number {
  for (let index = from + 1; index < text.length; index++) {
    if (text[index] === quote) return index;
    if (quote === '"' && text[index] === "\\") index++;
  }
  return -1;
}

function endOfLine(text: string, from: number): number {
  const index = text.indexOf("\n", from);
  return index === -1 ? text.length : index;
}

function countNewlines(text: string, from: number, to: number): number {
  return text.slice(from, to).split("\n").length - 1;
}

function place(text: string, start: number, line: number, at: number): { line: number; column: number } {
  return { line: line + countNewlines(text, start, at), column: at - text.lastIndexOf("\n", at - 1) };
}
