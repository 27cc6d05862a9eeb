import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node, type Pair } from "yaml";
import { tooDeep } from "../../config/document.ts";
import type { Place, Source } from "../place.ts";

interface Known {
  /** From the value's first character to its last. */
  place: Place;
  source: Source;
  /** It stands at an anchor, under one, or came through an alias or `<<`: changing it would change other places too. */
  shared: boolean;
  /** `!reset`, `!override`. */
  tag: string | undefined;
}

export interface YamlMap extends Known {
  kind: "map";
  entries: Map<string, YamlEntry>;
}

export interface YamlEntry {
  key: Place;
  value: Yaml;
}

export interface YamlList extends Known {
  kind: "list";
  items: Yaml[];
}

export interface YamlScalar extends Known {
  kind: "scalar";
  value: string | number | boolean | null;
  /** The value as text, before variables are put in. */
  text: string;
}

/** YAML with the place of every value. */
export type Yaml = YamlMap | YamlList | YamlScalar;

const most = 50_000;

/** A document's tree, or where and why it is none. Aliases share one tree, so that none can multiply. */
export function parseYaml(source: Source): Yaml | { reason: string; line: number } {
  if (tooDeep(source.text) !== undefined) return { reason: "lists and mappings are nested too deeply", line: 1 };
  let document: Document.Parsed | undefined;
  try {
    const lines = new LineCounter();
    const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false, logLevel: "silent", keepSourceTokens: false } as const;
    const all = parseAllDocuments(source.text, options);
    document = Array.isArray(all) ? all[0] : undefined;
  } catch {
    return { reason: "the YAML reader gave up on it", line: 1 };
  }
  const fault = document?.errors[0];
  if (fault) return { reason: `it is not YAML (${fault.code})`, line: source.at(fault.pos[0]).line };
  return convert(source, document);
}

function convert(source: Source, document: Document.Parsed | undefined): Yaml | { reason: string; line: number } {
  const anchors = new Map<string, Yaml>();
  let count = 0;

  const nothing = (at: number, shared: boolean): YamlScalar => ({
    kind: "scalar",
    value: null,
    text: "",
    place: source.at(at, at),
    source,
    shared,
    tag: undefined,
  });

  function visit(node: Node | null | undefined, at: number, shared: boolean): Yaml {
    if (!node || ++count > most) return nothing(at, shared);
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      return target ? { ...target, shared: true } : nothing(at, true);
    }
    const [start = at, end = at] = node.range ?? [];
    const anchor = (node as { anchor?: string }).anchor;
    const inside = shared || anchor !== undefined;
    const known = { place: source.at(start, end), source, shared: inside, tag: node.tag };
    const made = content(node, known, inside);
    if (anchor !== undefined) anchors.set(anchor, made);
    return made;
  }

  function content(node: Node, known: Known, shared: boolean): Yaml {
    if (isMap(node)) {
      const entries = new Map<string, YamlEntry>();
      const merged: Yaml[] = [];
      for (const pair of node.items as Pair<Node, Node | null>[]) {
        const range = pair.key?.range;
        const start = range?.[0] ?? known.place.start;
        if (!isScalar(pair.key)) continue;
        const name = typeof pair.key.value === "string" ? pair.key.value : (pair.key.source ?? "");
        const value = visit(pair.value, range?.[1] ?? start, shared);
        if (name === "<<") merged.push(...(value.kind === "list" ? value.items : [value]));
        else entries.set(name, { key: source.at(start, range?.[1] ?? start), value });
      }
      for (const other of merged) {
        if (other.kind !== "map") continue;
        for (const [name, entry] of other.entries) {
          if (!entries.has(name)) entries.set(name, { key: entry.key, value: { ...entry.value, shared: true } });
        }
      }
      return { kind: "map", entries, ...known };
    }
    if (isSeq(node)) {
      return { kind: "list", items: node.items.map((item) => visit(item as Node | null, known.place.start, shared)), ...known };
    }
    const { value } = node as { value?: unknown };
    const plain = typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
    const text = isScalar(node) && typeof plain !== "string" ? (node.source ?? "") : String(plain ?? "");
    return { kind: "scalar", value: plain, text, ...known };
  }

  const made = visit(document?.contents, 0, false);
  return count > most ? { reason: `it holds more than ${most} values`, line: 1 } : made;
}

/** The entry of a mapping's key. */
export function entry(node: Yaml | undefined, name: string): YamlEntry | undefined {
  return node?.kind === "map" ? node.entries.get(name) : undefined;
}

/** The value at a path of keys. */
export function at(node: Yaml | undefined, ...path: string[]): Yaml | undefined {
  return path.reduce<Yaml | undefined>((inner, name) => entry(inner, name)?.value, node);
}

/** A scalar's text; undefined for lists, mappings and nothing. */
export function textOf(node: Yaml | undefined): string | undefined {
  return node?.kind === "scalar" && node.value !== null ? node.text : undefined;
}

/** The items of a list, or of a scalar that stands for a list of one. */
export function itemsOf(node: Yaml | undefined): Yaml[] {
  if (node?.kind === "list") return node.items;
  return node?.kind === "scalar" && node.value !== null ? [node] : [];
}

/** The entries of a mapping. */
export function entriesOf(node: Yaml | undefined): [string, YamlEntry][] {
  return node?.kind === "map" ? [...node.entries] : [];
}
