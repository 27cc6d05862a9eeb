import { isScalar, Lexer, LineCounter, parseDocument, Parser, visit, type Document, type YAMLError } from "yaml";
import type { Fault } from "./problem.ts";

/** A YAML text whose nodes know where they stand. */
export interface Source {
  document: Document.Parsed;
  /** Line and column of an offset in the text. */
  at(offset: number): { line: number; column: number };
  /** With any of these the document is of no use. */
  faults: Fault[];
}

/** Our own words for what the YAML library finds: its messages may hold parts of the text. */
const sentences: Record<string, [message: string, hint: string]> = {
  ALIAS_PROPS: ["an alias cannot have an anchor or a tag", "Remove what stands before the *"],
  BAD_DIRECTIVE: ["this %YAML directive is not understood", "Remove the line"],
  BAD_DQ_ESCAPE: ["this \\ escape is not known in double quotes", "Write \\\\ for a backslash, or use single quotes"],
  BAD_INDENT: [
    "this line is not indented as the list or mapping around it asks",
    "Line it up, and check that each [ and { before it is closed",
  ],
  BAD_SCALAR_START: ["a value may not begin with this character", "Put the value in quotes"],
  BLOCK_AS_IMPLICIT_KEY: [
    "a value cannot hold another `key:` in the same line",
    "Put the value in quotes, or the key on a line of its own, indented",
  ],
  BLOCK_IN_FLOW: ["an indented list or mapping cannot stand inside [ ] or { }", "Write all of it one way"],
  KEY_OVER_1024_CHARS: ["a key is longer than 1024 characters", "Check the quotes before it"],
  MISSING_CHAR: ["a character is missing: a quote, a comma, a colon, or the space after it", "Check the quotes and commas of this line"],
  MULTILINE_IMPLICIT_KEY: [
    "this line is neither `key: value` nor `- item`",
    "Write a space after the colon, and line it up with its neighbours",
  ],
  MULTIPLE_DOCS: ["a second document begins here", "Remove the --- line: one file describes one app"],
  RESOURCE_EXHAUSTION: ["lists and mappings are nested too deeply", "Write it flatter"],
  TAB_AS_INDENT: ["a tab cannot indent", "Use spaces"],
  TAG_RESOLVE_FAILED: ["tags that begin with ! are not used here", "Remove the tag, or put the value in quotes"],
  UNEXPECTED_TOKEN: ["this is not expected here", "Check the quotes, brackets and indentation just before it"],
};

const deepest = 100;

/** Where nesting goes beyond any configuration. The YAML library recurses, and a stack that ends inside it can end the process. */
export function tooDeep(text: string): number | undefined {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    // Driven for its stack alone.
    for (const _ of parser.next(lexeme));
    if (parser.stack.length > deepest) return parser.offset;
  }
  return undefined;
}

/** Parses YAML; what is wrong with its form is told by line, at most one fault a line. */
export function parse(text: string): Source {
  const deep = tooDeep(text);
  if (deep !== undefined) return { ...parse(""), faults: [deepFault(text, deep)] };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // Found while the tree is built, with both places.
    uniqueKeys: false,
    resolveKnownTags: false,
    logLevel: "error",
  });
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const faults = new Map<number, Fault>();
  for (const error of [...document.errors, ...document.warnings]) {
    const place = at(start(error, document));
    if (faults.has(place.line)) continue;
    const [message, hint] = sentences[error.code] ?? ["this is not valid YAML", "Check the quotes, brackets and indentation"];
    const variable = hasBareVariable(text, place.line);
    faults.set(place.line, { ...place, path: "", value: null, message, hint: variable ?? hint });
  }
  // What follows the first faults is mostly their echo.
  return { document, at, faults: [...faults.values()].sort((a, b) => a.line - b.line).slice(0, 10) };
}

function deepFault(text: string, offset: number): Fault {
  const before = text.slice(0, offset).split("\n");
  const [message, hint] = sentences["RESOURCE_EXHAUSTION"] ?? ["", ""];
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, path: "", value: null, message, hint };
}

/** The library reports an unclosed quote where the file ends; a reader looks for where it began. */
function start(error: YAMLError, document: Document.Parsed): number {
  let offset = error.pos[0];
  if (error.code !== "MISSING_CHAR") return offset;
  visit(document, {
    Scalar(_, node) {
      const [from, to] = node.range ?? [0, 0];
      if (isScalar(node) && node.type?.startsWith("QUOTE_") && from < offset && offset <= to) offset = from;
    },
  });
  return offset;
}

function hasBareVariable(text: string, line: number): string | undefined {
  const found = /(?:^|[^"'\w])\$\{/.test(text.split("\n")[line - 1] ?? "");
  return found ? 'Put the value with ${...} in double quotes: "${NAME}"' : undefined;
}
