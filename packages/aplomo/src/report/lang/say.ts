import { patternsOf } from "./pattern.ts";

/**
 * Says something in the reader's language: a sentence of this room's own, say`release ${id}`, or one that was made elsewhere and came
 * as data, say(message). What stands in a hole of the first is left as it is; what a hole of the second holds is said in turn.
 */
export interface Say {
  (strings: TemplateStringsArray, ...values: readonly unknown[]): string;
  (sentence: string): string;
}

/** From an English sentence to another language's. `{}` stands for what differs, `{n}` for a number; `{2}` where the order does. */
export type Catalogue = Readonly<Record<string, string>>;

export const english: Say = (text: TemplateStringsArray | string, ...values: readonly unknown[]): string =>
  typeof text === "string" ? text : String.raw({ raw: text }, ...values);

/** What begins a line of evidence: our own words there have entries that begin so, too, and nothing else in such a line is ours. */
const quote = "| ";

/** Another program's words are as they should be: they only count when there is a way that understands them. */
const little = 0.1;
/** Parts; no text of ours has so many, and programs say a lot. */
const most = 12;

/** A text in the reader's language, and how many letters of it are still English prose. */
interface Said {
  text: string;
  left: number;
}

/** What the catalogue lacks is said in English: a sentence that is only half understood is worse than a foreign one. */
export function speaker(catalogue: Catalogue, polish = (text: string): string => text): Say {
  const patterns = patternsOf(Object.keys(catalogue));
  const known = new Map<string, Said>();
  const fill = (key: string, values: readonly string[]): string => {
    let next = 0;
    const said = catalogue[key] ?? key;
    return polish(said.replace(/\{(\d*)\}/g, (_hole, place: string) => values[place === "" ? next++ : Number(place) - 1] ?? ""));
  };
  const sentence = (text: string): Said => {
    const before = known.get(text);
    if (before) return before;
    const said = Object.hasOwn(catalogue, text) ? { text: catalogue[text] ?? text, left: 0 } : best(text);
    if (known.size > 10_000) known.clear();
    known.set(text, said);
    return said;
  };
  // A single word is a name: a database may be called `data`.
  const part = (text: string): Said => (text.includes(" ") ? sentence(text) : { text, left: prose(text) });
  /** Of all ways to understand it the one that leaves the least in English. */
  const best = (text: string): Said => {
    let least = { text, left: prose(text) };
    if (least.left === 0) least.left = little;
    const ways = text.startsWith(quote)
      ? [fitting(text)]
      : [joined(text, ". "), fitting(text), tailed(text), joined(text, "; ", ": ", ", ", " < ", " > ", " = ")];
    for (const way of ways) {
      for (const said of way) {
        if (said.left < least.left) least = said;
        if (least.left === 0) return least;
      }
    }
    return least;
  };
  function* fitting(text: string): Generator<Said> {
    for (const { key, holes, short, match } of patterns) {
      if (key.startsWith(quote) !== text.startsWith(quote)) continue;
      const parts = match(text)?.map((one, index) => (holes[index] === "typed" ? { text: one, left: 0 } : part(one)));
      if (!parts) continue;
      const left = sum(parts.filter((_one, index) => holes[index] !== "quoted"));
      const foreign = sum(parts) > left ? little : 0;
      if (left < 1 || !short)
        yield {
          text: fill(
            key,
            parts.map((one) => one.text),
          ),
          left: left + foreign,
        };
    }
  }
  /** A full stop, or a rule's name in brackets, may follow. */
  function* tailed(text: string): Generator<Said> {
    const [, before, tail] = /^([^]*[^.])(\.| \([\w.-]+\)\.?)$/.exec(text) ?? [];
    const said = before === undefined ? undefined : part(before);
    if (said && said.text !== before) yield { ...said, text: `${said.text}${tail}` };
  }
  /** Where a text that no entry knows falls into others. */
  function* joined(text: string, ...joints: string[]): Generator<Said> {
    if (text.includes("\n")) {
      const lines = text.split("\n").map(part);
      yield { text: lines.map((one) => one.text).join("\n"), left: sum(lines) };
    }
    for (const joint of text.split(/[.;:,] /).length > most ? [] : joints)
      for (let at = text.indexOf(joint); at > 0; at = text.indexOf(joint, at + 1)) {
        const first = part(text.slice(0, at));
        if (first.left >= 1) continue;
        const rest = part(text.slice(at + joint.length));
        if (rest.left < 1 || joint === ": ")
          yield { text: `${first.text}${joint}${rest.text}`, left: first.left + Math.min(rest.left, little) };
      }
  }
  return (text: TemplateStringsArray | string, ...values: readonly unknown[]): string =>
    typeof text === "string" ? sentence(text).text : fill(text.join("{}"), values.map(String));
}

function sum(parts: readonly Said[]): number {
  return parts.reduce((all, one) => all + one.left, 0);
}

/** Letters of a text that reads like a sentence; a command, a path or a list of names does not. */
function prose(text: string): number {
  const words = text.split(/\s+/).filter((word) => /^["'(]?[a-z']+["',.;:)]*$/i.test(word));
  const isSpoken = words.length > 1 || words.some((word) => /^(the|an?|it|its|and|or|of|is|are|not|to|which|that|no)$/.test(word));
  return isSpoken && !/^(["'`])[^]*\1$/.test(text) ? words.join("").length : 0;
}
