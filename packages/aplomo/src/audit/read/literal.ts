import type { Place, Source } from "../place.ts";

/** A value of an object literal: its text where it is a literal of one word, and its keys where it is an object. */
export interface Literal {
  place: Place;
  text: string | undefined;
  keys: Map<string, Literal> | undefined;
  items: Literal[] | undefined;
  /** It holds `...other`: keys may come from elsewhere. */
  open: boolean;
}

const deepest = 12;

/**
 * Reads the JavaScript literal (or JSON) that begins at `start` of a text whose comments are blanked out. What is no literal is kept as a
 * value without text. It reads every character once.
 */
export function readLiteral(source: Source, text: string, start: number): Literal {
  let at = start;

  const blanks = (): void => {
    while (at < text.length && /\s/.test(text[at] ?? "")) at++;
  };

  function value(depth: number): Literal {
    blanks();
    const from = at;
    const made = (more: Partial<Literal> = {}): Literal => ({
      place: source.at(from, at),
      text: undefined,
      keys: undefined,
      items: undefined,
      open: false,
      ...more,
    });
    if (depth < deepest && text[at] === "{") {
      const inside = object(depth);
      return made(inside);
    }
    if (depth < deepest && text[at] === "[") {
      const items: Literal[] = [];
      let open = false;
      at++;
      for (blanks(); at < text.length && text[at] !== "]"; blanks()) {
        const before = at;
        if (text.startsWith("...", at)) open = true;
        items.push(value(depth + 1));
        blanks();
        if (text[at] === ",") at++;
        if (at === before) at++;
      }
      at++;
      return made({ items, open });
    }
    skipExpression();
    const raw = text.slice(from, at).trim();
    const quoted = /^(["'`])((?:[^\\]|\\.)*)\1$/s.exec(raw);
    const simple = quoted && !(quoted[1] === "`" && raw.includes("${")) && !new RegExp(`(?<!\\\\)${quoted[1]}`).test(quoted[2] ?? "");
    const number = /^\d[\d_]*(\.\d+)?$/.test(raw) ? raw.replaceAll("_", "") : product(raw);
    const plain = simple ? (quoted[2] ?? "") : /^(true|false|null)$/.test(raw) ? raw : number;
    return { ...made({ text: plain }), place: source.at(from, from + raw.length) };
  }

  function object(depth: number): Partial<Literal> {
    const keys = new Map<string, Literal>();
    let open = false;
    at++;
    for (blanks(); at < text.length && text[at] !== "}"; blanks()) {
      const before = at;
      const key = /^(?:"([^"\\]*)"|'([^'\\]*)'|([A-Za-z_$][\w$]*))\s*:/.exec(text.slice(at, at + 200));
      if (key) {
        at += key[0].length;
        keys.set(key[1] ?? key[2] ?? key[3] ?? "", value(depth + 1));
      } else {
        if (text.startsWith("...", at)) open = true;
        skipExpression();
      }
      blanks();
      if (text[at] === ",") at++;
      if (at === before) at++;
    }
    at++;
    return { keys, open };
  }

  /** To the comma or bracket that ends it. */
  function skipExpression(): void {
    let depth = 0;
    while (at < text.length) {
      const character = text[at] ?? "";
      if (character === '"' || character === "'" || character === "`") {
        const quote = character;
        at++;
        while (at < text.length && text[at] !== quote) at += text[at] === "\\" ? 2 : 1;
      } else if ("([{".includes(character)) depth++;
      else if (")]}".includes(character)) {
        if (depth === 0) return;
        depth--;
      } else if (depth === 0 && (character === "," || character === ";")) return;
      at++;
    }
  }

  return value(0);
}

/** `10 * 1000` and `10_000` as a number's text. */
export function product(text: string): string | undefined {
  if (!/^\d[\d_.]*(\s*\*\s*\d[\d_.]*)*$/.test(text)) return undefined;
  return String(text.split("*").reduce((whole, factor) => whole * Number(factor.replaceAll("_", "").trim()), 1));
}
