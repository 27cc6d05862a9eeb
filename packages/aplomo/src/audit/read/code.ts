import type { Source } from "../place.ts";

/** A program's text as rules look at it: offsets in all views are those of the file. */
export interface Code {
  source: Source;
  language: "js" | "py";
  /** Without comments. */
  plain: string;
  /** Without comments and without what stands in quotes. */
  bare: string;
}

/** The views are made when they are first asked for: most files never are. */
export function codeOf(source: Source): Code {
  const language = source.path.endsWith(".py") ? "py" : "js";
  let views: { plain: string; bare: string } | undefined;
  const made = (): { plain: string; bare: string } => (views ??= language === "py" ? maskPython(source.text) : maskScript(source.text));
  return {
    source,
    language,
    get plain() {
      return made().plain;
    },
    get bare() {
      return made().bare;
    },
  };
}

/** Blanks out comments, and for `bare` also strings, template text and regular expressions. */
function maskScript(text: string): { plain: string; bare: string } {
  const plain: string[] = [];
  const bare: string[] = [];
  /** For each open `${` of a template: how many brackets are open inside it. */
  const templates: number[] = [];
  let at = 0;
  const copy = (to: number): void => {
    plain.push(text.slice(at, to));
    bare.push(text.slice(at, to));
    at = to;
  };
  const string = (to: number): void => {
    plain.push(text.slice(at, to));
    bare.push(blank(text.slice(at, to)));
    at = to;
  };
  const special = /["'`/{}]/g;
  while (at < text.length) {
    special.lastIndex = at;
    const next = special.exec(text)?.index ?? text.length;
    if (next > at) copy(next);
    if (at >= text.length) break;
    const character = text[at];
    if (character === "/" && (text[at + 1] === "/" || text[at + 1] === "*")) {
      const end = text[at + 1] === "/" ? text.indexOf("\n", at) : text.indexOf("*/", at + 2) + 2 || text.length;
      const to = end === -1 || (text[at + 1] === "*" && end < at + 2) ? text.length : end;
      const hidden = blank(text.slice(at, to));
      plain.push(hidden);
      bare.push(hidden);
      at = to;
    } else if (character === "/") {
      if (startsPattern(text, at)) string(endOfPattern(text, at));
      else copy(at + 1);
    } else if (character === '"' || character === "'") string(endOfString(text, at, character));
    else if (character === "`") string(endOfTemplate(text, at + 1, templates));
    else if (character === "{" && templates.length > 0) {
      templates[templates.length - 1] = (templates.at(-1) ?? 0) + 1;
      copy(at + 1);
    } else if (character === "}" && templates.length > 0) {
      const open = templates.at(-1) ?? 0;
      if (open === 0) {
        templates.pop();
        string(endOfTemplate(text, at + 1, templates));
      } else {
        templates[templates.length - 1] = open - 1;
        copy(at + 1);
      }
    } else copy(at + 1);
  }
  return { plain: plain.join(""), bare: bare.join("") };
}

function endOfString(text: string, at: number, quote: string): number {
  for (let index = at + 1; index < text.length; index++) {
    if (text[index] === "\\") index++;
    else if (text[index] === quote) return index + 1;
    else if (text[index] === "\n") return index;
  }
  return text.length;
}

/** To the end of a template's text, or to behind the `${` that interrupts it. */
function endOfTemplate(text: string, at: number, templates: number[]): number {
  for (let index = at; index < text.length; index++) {
    if (text[index] === "\\") index++;
    else if (text[index] === "`") return index + 1;
    else if (text[index] === "$" && text[index + 1] === "{") {
      templates.push(0);
      return index + 2;
    }
  }
  return text.length;
}

/** A slash divides behind a value; elsewhere it begins a regular expression. */
function startsPattern(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && /\s/.test(text[before] ?? "")) before--;
  const character = text[before] ?? "";
  if (before < 0 || /[(,=:[!&|?{};+\-*%~^<>]/.test(character)) return true;
  return /\b(return|typeof|case|in|of|delete|void|throw|new)$/.test(text.slice(Math.max(0, before - 10), before + 1));
}

function endOfPattern(text: string, at: number): number {
  let inClass = false;
  for (let index = at + 1; index < text.length; index++) {
    const character = text[index];
    if (character === "\\") index++;
    else if (character === "\n") return at + 1;
    else if (character === "[") inClass = true;
    else if (character === "]") inClass = false;
    else if (character === "/" && !inClass) return index + 1;
  }
  return at + 1;
}

function maskPython(text: string): { plain: string; bare: string } {
  const token = /"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|#[^\n]*/g;
  const plain = text.replace(token, (found) => (found.startsWith("#") ? blank(found) : found));
  const bare = text.replace(token, blank);
  return { plain, bare };
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

/** The offset of the bracket that closes the one at `open`; the text's end when none does. `text` must be bare. */
export function closingBracket(text: string, open: number): number {
  let depth = 0;
  const brackets = /[()[\]{}]/g;
  brackets.lastIndex = open;
  for (let match = brackets.exec(text); match; match = brackets.exec(text)) {
    if ("([{".includes(match[0])) depth++;
    else if (--depth <= 0) return match.index;
  }
  return text.length;
}
