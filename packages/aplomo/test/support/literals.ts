/** A text in a program: what it says, with `{}` for each hole, and what stands right before it. */
export interface Literal {
  text: string;
  before: string;
  line: number;
}

/** The strings and templates of a TypeScript file, also those inside the holes of others. Enough of a scanner for code that is formatted. */
export function literals(source: string): Literal[] {
  const found: Literal[] = [];
  let at = 0;
  const before = (start: number): string => source.slice(Math.max(0, start - 40), start);
  const line = (start: number): number => source.slice(0, start).split("\n").length;
  const string = (quote: string): void => {
    const start = at++;
    while (source[at] !== quote) at += source[at] === "\\" ? 2 : 1;
    at++;
    const text = source
      .slice(start + 1, at - 1)
      .replace(/\\(.)/g, (_all, letter: string) => ({ n: "\n", t: "\t", r: "\r" })[letter] ?? letter);
    found.push({ text, before: before(start), line: line(start) });
  };
  const template = (): void => {
    const start = at++;
    let text = "";
    while (source[at] !== "`") {
      if (source.startsWith("${", at)) {
        at += 2;
        code("}");
        text += "{}";
      } else if (source[at] === "\\") {
        const escape = source[at + 1] ?? "";
        text += { n: "\n", t: "\t" }[escape] ?? escape;
        at += 2;
      } else text += source[at++] ?? "";
    }
    at++;
    found.push({ text, before: before(start), line: line(start) });
  };
  /** Until this closes what was open. */
  function code(end?: string): void {
    let depth = 0;
    while (at < source.length) {
      const letter = source[at];
      if (source.startsWith("//", at)) at = (source.indexOf("\n", at) + 1 || source.length + 1) - 1;
      else if (source.startsWith("/*", at)) at = source.indexOf("*/", at) + 2;
      else if (letter === '"' || letter === "'") string(letter);
      else if (letter === "`") template();
      else if (letter === "/" && /[(,=:?&|[!]\s*$|\$\{$|=>\s*$|return\s*$/.test(before(at))) regex();
      else if (letter === end && depth === 0) return void at++;
      else {
        if (letter === "{") depth++;
        if (letter === "}") depth--;
        at++;
      }
    }
  }
  function regex(): void {
    let isSet = false;
    for (at++; isSet || source[at] !== "/"; at++) {
      if (source[at] === "\\") at++;
      else if (source[at] === "[") isSet = true;
      else if (source[at] === "]") isSet = false;
    }
    at++;
  }
  code();
  return found;
}
