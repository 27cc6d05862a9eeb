import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import type { Source } from "./document.ts";
import { pathKey, pathText, type Fault, type Path } from "./problem.ts";
import { shown } from "./secrecy.ts";
import { substitute, type Lookup, type Substituted } from "./substitute.ts";

export interface Position {
  line: number;
  column: number;
}

/** Where a value stands. */
export interface Place {
  value: Position;
  /** Its key; for an item of a list and for the whole, where the value stands. */
  key: Position;
  /** The text as it was before variables were put in; null when none were. */
  written: string | null;
  variables: Substituted["variables"];
}

/** The content of aplomo.yml as plain values, with the place of each. */
export interface Tree {
  /** Objects without a prototype. What could not be read is undefined. */
  value: unknown;
  places: ReadonlyMap<string, Place>;
  /** Paths already reported: nothing more is said about them or what is in them. */
  told: Set<string>;
  faults: Fault[];
}

/** An alias costs as much as a hundred values: two hundred of them, and none that multiply. */
const limits = { depth: 40, cost: 20_000, alias: 100 };
const unusable = new Set(["__proto__", "constructor", "prototype"]);

/** How variables are put in: where they come from, where to set them, and whether a missing one is worth a word. */
export interface Variables {
  lookup: Lookup;
  /** `envs/.env or the shell`. */
  where: string;
  /** False when the env file could not be read: then what is missing is its echo. */
  complete: boolean;
}

/** Turns the document into plain values; duplicate keys, endless aliases and variables that are not set are faults. */
export function buildTree(source: Source, variables: Variables): Tree {
  const places = new Map<string, Place>();
  const told = new Set<string>();
  const faults: Fault[] = [];
  let cost = 0;

  function tell(path: Path, place: Position, value: string | null, message: string, hint: string): undefined {
    told.add(pathKey(path));
    faults.push({ ...place, path: pathText(path), value, message, hint });
  }

  function position(node: Node | null | undefined, otherwise: Position): Position {
    return node?.range ? source.at(node.range[0]) : otherwise;
  }

  function visit(node: Node | null, path: Path, key: Position | undefined): unknown {
    const around = key ?? { line: 1, column: 1 };
    const empty = node === null || (isScalar(node) && node.value === null && !node.source);
    const value = empty ? around : position(node, around);
    const place: Place = { value, key: key ?? value, written: null, variables: [] };
    places.set(pathKey(path), place);
    if (cost > limits.cost) return undefined;
    cost += isAlias(node) ? limits.alias : 1;
    if (cost > limits.cost || path.length > limits.depth) {
      cost = Infinity;
      return tell(
        [],
        value,
        null,
        "here aliases and nesting make too much of the file",
        "Write it flatter, without aliases inside aliases",
      );
    }
    if (isAlias(node)) {
      const target = node.resolve(source.document);
      if (target) return visit(target, path, key);
      const message = `${pathText(path)} is *${node.source}, and nothing before it has the anchor &${node.source}`;
      return tell(path, value, `*${node.source}`, message, "Set the anchor, or put the value in quotes");
    }
    if (isMap(node)) return visitMap(node, path);
    if (isSeq(node)) return node.items.map((item, index) => visit(item as Node | null, [...path, index], undefined));
    if (!isScalar(node)) return null;
    if (typeof node.value === "string") return expand(node.value, path, place);
    return typeof node.value === "number" || typeof node.value === "boolean" || node.value === null ? node.value : String(node.source);
  }

  function visitMap(node: YAMLMap, path: Path): unknown {
    const result = Object.create(null) as Record<string, unknown>;
    const seen = new Map<string, Position>();
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const place = position(pair.key, position(node, { line: 1, column: 1 }));
      if (!isScalar(pair.key)) {
        const message = `a key in ${pathText(path) || "the file"} is a list, mapping or alias`;
        tell(path, place, null, message, "Write the key as plain text");
        continue;
      }
      const name = typeof pair.key.value === "string" ? pair.key.value : (pair.key.source ?? "");
      const inside = [...path, name];
      const first = seen.get(name);
      if (first) {
        // What the first one holds is still looked at.
        const message = `${pathText(inside)} is set twice, first in line ${first.line}`;
        faults.push({ ...place, path: pathText(inside), value: name, message, hint: "Remove one of the two" });
      } else if (unusable.has(name)) {
        tell(inside, place, name, `${pathText(inside)} cannot be used as a name`, "Choose another name");
      } else {
        seen.set(name, place);
        result[name] = visit(pair.value, inside, place);
      }
    }
    return result;
  }

  function expand(text: string, path: Path, place: Place): string | undefined {
    const done = substitute(text, variables.lookup);
    if (done.variables.length > 0) Object.assign(place, { written: text, variables: done.variables });
    for (const fault of done.faults) {
      told.add(pathKey(path));
      if (fault.kind === "unset" && !variables.complete) continue;
      const hint = fault.kind === "unset" ? `${fault.hint} in ${variables.where}` : fault.hint;
      tell(path, place.value, shown(text, path), `${pathText(path)} ${fault.message}`, hint);
    }
    return done.faults.length > 0 ? undefined : done.text;
  }

  const value = visit(source.document.contents, [], undefined);
  return { value, places, told, faults };
}
