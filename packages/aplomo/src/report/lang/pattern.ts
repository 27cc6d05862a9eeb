/** An entry of a catalogue with holes, which fits many sentences. */
export interface Pattern {
  key: string;
  /** What stands in backticks or quotes was typed by somebody; behind a colon or in brackets another program may speak. */
  holes: ("said" | "typed" | "quoted")[];
  /** With few letters of its own (`{} of {}`) it would fit the words of others, too. */
  short: boolean;
  /** Letters of its own. */
  own: number;
  /** What stands in its holes. */
  match: (text: string) => string[] | undefined;
}

const hole = /\{n?\}/;

/** Those of a catalogue, what says more first. */
export function patternsOf(keys: readonly string[]): Pattern[] {
  return keys
    .filter((key) => hole.test(key))
    .map(patternOf)
    .sort((a, b) => b.own - a.own);
}

function patternOf(key: string): Pattern {
  const texts = key.split(hole);
  const kinds: string[] = key.match(/\{n?\}/g) ?? [];
  return {
    key,
    holes: texts.slice(0, -1).map((text) => (/[`"']$/.test(text) ? "typed" : /(: |\()$/.test(text) ? "quoted" : "said")),
    short: !kinds.includes("{n}") && texts.join("").replace(/[^a-z]/gi, "").length < 8,
    own: texts.join("").length,
    match: (text) => {
      const parts = partsOf(text, texts);
      return parts?.every((part, index) => kinds[index] !== "{n}" || /^[\d.]+$/.test(part)) ? parts : undefined;
    },
  };
}

/** What stands between these texts, each taken where it comes first; nothing between two of them is no match. */
function partsOf(text: string, [begin = "", ...others]: readonly string[]): string[] | undefined {
  const end = others.at(-1) ?? "";
  if (!text.startsWith(begin) || !text.endsWith(end)) return undefined;
  const parts: string[] = [];
  let from = begin.length;
  for (const [index, other] of others.entries()) {
    const at = index === others.length - 1 ? text.length - end.length : text.indexOf(other, from + 1);
    if (at <= from) return undefined;
    parts.push(text.slice(from, at));
    from = at + other.length;
  }
  return parts;
}
