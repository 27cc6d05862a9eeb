import { isTest } from "../model/kinds.ts";
import type { Model } from "../model/model.ts";
import type { Start } from "../model/start.ts";
import type { Place } from "../place.ts";
import type { Code } from "../read/code.ts";

/** A match in a program's text, and where it stands. */
export interface Match {
  code: Code;
  match: RegExpExecArray;
  place: Place;
}

/** Where a pattern matches in programs, comments aside (strings too with `bare`); files without `word` are not looked at closely. */
export function search(files: readonly Code[], word: string | RegExp, pattern: RegExp, view: "plain" | "bare" = "plain"): Match[] {
  const global = new RegExp(pattern.source, pattern.flags.includes("g") ? pattern.flags : `${pattern.flags}g`);
  const found: Match[] = [];
  for (const code of files) {
    const { text } = code.source;
    let inFile = 0;
    if (typeof word === "string" ? !text.includes(word) : !word.test(text)) continue;
    for (const match of code[view].matchAll(global)) {
      found.push({ code, match, place: code.source.at(match.index, match.index + match[0].length) });
      if (++inFile >= 60) break;
    }
  }
  return found;
}

const cache = new WeakMap<Model, readonly Code[]>();

/** Programs that run in production: no tests, no configuration of tools. */
export function programs(model: Model): readonly Code[] {
  const known = cache.get(model);
  if (known) return known;
  const made = model.code.filter((code) => !isTest(code.source.path) && !/(^|\/)[\w.-]+\.config\.[cm]?[jt]s$/.test(code.source.path));
  cache.set(model, made);
  return made;
}

/** The programs in the folder something is made of. */
export function programsOf(model: Model, start: Pick<Start, "folder">): readonly Code[] {
  if (start.folder === "") return programs(model);
  return programs(model).filter((code) => code.source.path.startsWith(`${start.folder}/`));
}

/** The innermost `{ }` around an offset of a bare text: from behind its bracket to before the other; undefined at the top. */
export function blockAround(bare: string, offset: number): { start: number; end: number } | undefined {
  let depth = 0;
  for (let index = offset - 1; index >= 0; index--) {
    if (bare[index] === "}") depth++;
    else if (bare[index] === "{" && depth-- === 0) {
      let open = 1;
      for (let end = index + 1; end < bare.length; end++) {
        if (bare[end] === "{") open++;
        else if (bare[end] === "}" && --open === 0) return { start: index + 1, end };
      }
      return { start: index + 1, end: bare.length };
    }
  }
  return undefined;
}

/** How many function bodies are around an offset; arrow functions without braces do not count. */
export function isTopLevel(bare: string, offset: number): boolean {
  let depth = 0;
  for (let index = 0; index < offset; index++) {
    if (bare[index] === "{") depth++;
    else if (bare[index] === "}") depth--;
  }
  return depth <= 0;
}
