import type { Source } from "./place.ts";

/** `# aplomo-ignore RULE: why` */
export interface Ignore {
  rule: string;
  reason: string;
  /** The line it is about: its own, or the next when it stands alone. */
  line: number;
  /** The line it stands in. */
  at: number;
}

/** The comments of a file that say what is meant to be so. Without a reason they count for nothing. */
export function ignores(source: Source): Ignore[] {
  if (!source.text.includes("aplomo-ignore")) return [];
  const found: Ignore[] = [];
  for (let number = 1; number <= source.lines; number++) {
    const line = source.line(number);
    const match = /(?:#|\/\/|--|\/\*)\s*aplomo-ignore\s+([\w-]+)\s*:?\s*(.*?)\s*(?:\*\/)?$/.exec(line);
    if (!match) continue;
    const alone = line.slice(0, match.index).trim() === "";
    found.push({ rule: match[1] ?? "", reason: match[2] ?? "", at: number, line: alone ? nextLine(source, number) : number });
  }
  return found;
}

/** The next line that is no comment of this kind: several may stand above one line. */
function nextLine(source: Source, from: number): number {
  let number = from + 1;
  while (number < source.lines && /^\s*(#|\/\/|--|\/\*)/.test(source.line(number))) number++;
  return number;
}
