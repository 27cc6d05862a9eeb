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

const hole = /\{n?\}/g;

/** Those of a catalogue, what says more first. One without a word of its own (`{}, {} ago`) is for templates alone. */
export function patternsOf(keys: readonly string[]): Pattern[] {
  return keys
    .filter((key) => key.search(hole) >= 0 && (/^[A-Z]/.test(key) || lettersOf(key) > 3))
    .map(patternOf)
    .sort((a, b) => b.own - a.own);
}

function lettersOf(key: string): number {
  return key.replaceAll(hole, "").replace(/[^a-z]/gi, "").length;
}

function patternOf(key: string): Pattern {
  const texts = key.split(hole);
  const [begin = "", ...others] = texts;
  const end = others.at(-1) ?? "";
  const kinds: string[] = key.match(/\{n?\}/g) ?? [];
  return {
    key,
    holes: texts.slice(0, -1).map((text) => (/[`"']$/.test(text) ? "typed" : /(: |\()$/.test(text) ? "quoted" : "said")),
    short: !kinds.includes("{n}") && lettersOf(key) < 8,
    own: texts.join("").length,
    match: (text) => {
      const parts = text.startsWith(begin) && text.endsWith(end) ? partsOf(text, begin, others) : undefined;
      return parts?.every((part, index) => kinds[index] !== "{n}" || /^[\d.]+$/.test(part)) ? parts : undefined;
    },
  };
}

/** What stands between these texts, each taken where it comes first; nothing between two of them is no match. */
function partsOf(text: string, begin: string, others: readonly string[]): string[] | undefined {
  const parts: string[] = [];
  let from = begin.length;
  for (const [index, other] of others.entries()) {
    const at = index === others.length - 1 ? text.length - other.length : text.indexOf(other, from + 1);
    if (at <= from) return undefined;
    parts.push(text.slice(from, at));
    from = at + other.length;
  }
  return parts;
}
