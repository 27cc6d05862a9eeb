/**
 * The server writes `x IN ('a', 'b')` on a varchar column as `ANY ((ARRAY['a'::varchar, ...])::text[])`; once that was dumped and
 * read back it writes `ANY (ARRAY[('a'::varchar)::text, ...])`. Both mean the same: this gives the second for either.
 */
export function canonicalExpression(text: string): string {
  let result = "";
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf("(ARRAY[", at);
    if (start === -1) break;
    const found = castArray(text, start + "(ARRAY[".length);
    const end = found?.end ?? start + 1;
    result += text.slice(at, start) + (found?.text ?? "(");
    at = end;
  }
  return result + text.slice(at);
}

/** Reads `'a'::varchar, 'b'::varchar])::text[]` from behind the opening bracket. */
function castArray(text: string, from: number): { text: string; end: number } | undefined {
  const elements: string[] = [];
  let depth = 0;
  let start = from;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === "'" || character === '"') at = closing(text, at);
    else if ("([".includes(character)) depth += 1;
    else if (character === "," && depth === 0) {
      elements.push(text.slice(start, at).trim());
      start = at + 1;
    } else if (")]".includes(character)) {
      depth -= 1;
      if (depth >= 0) continue;
      elements.push(text.slice(start, at).trim());
      const cast = /^\]\)::((?:"(?:[^"]|"")*"|[\w. ]|\(\d+(?:,\d+)?\))+)\[\]/.exec(text.slice(at, at + 300));
      if (!cast) return undefined;
      return { text: `ARRAY[${elements.map((element) => `(${element})::${cast[1]}`).join(", ")}]`, end: at + cast[0].length };
    }
  }
  return undefined;
}

/** Where a quoted text that begins here ends. */
function closing(text: string, from: number): number {
  const end = text.indexOf(text[from] ?? "", from + 1);
  return end === -1 ? text.length : end;
}
