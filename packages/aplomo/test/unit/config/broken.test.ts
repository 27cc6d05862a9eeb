import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { isMap, isScalar, isSeq, parseDocument, visit, type Document } from "yaml";
import { root } from "../../support/root.ts";
import { complaints } from "./folder.ts";

/** Mulberry32: the same numbers for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Pick = (below: number) => number;

/** Values that are wrong wherever they stand. */
const strange: unknown[] = [{ a: { b: [] } }, [[1]], [null], "${NOBODY_SETS_THIS}", "$bare", "${", -1.5, true, null, { "": "" }];

/** Ways to break a text so that it is no sound configuration any more. */
const breakText: ((text: string, pick: Pick) => string)[] = [
  (text, pick) => insert(text, pick, "\t- : {"),
  (text, pick) => insert(text, pick, '"'),
  (text, pick) =>
    `${text}\n${["]", "}", "'", "---\na: 1", "- x", "? [a", "&a *a", "%YAML", "@", "nonsense: 1", "app: twice"][pick(11)] ?? ""}\n`,
  (text, pick) => text.slice(0, pick(text.indexOf("\ntarget:") + 9)),
  (text, pick) => `${text.slice(0, 200)}${"[".repeat(1 + pick(3_000))}`,
];

/** Inserted where a line begins, so that comments do not take it in. */
function insert(text: string, pick: Pick, what: string): string {
  const lines = text.split("\n");
  lines.splice(pick(lines.length - 1) + 1, 0, what);
  return lines.join("\n");
}

/** Puts something strange, or a key nobody knows, at a place of the document. */
function breakNode(document: Document, pick: Pick): void {
  const places: (() => void)[] = [];
  visit(document, {
    Pair(_, pair) {
      if (isScalar(pair.key)) {
        const key = pair.key;
        places.push(() => (pair.value = document.createNode(strange[pick(strange.length)])));
        places.push(() => (key.value = `${String(key.value)} ?`));
      }
    },
    Map(_, map) {
      places.push(() => map.add(document.createPair(`zz${pick(9)}`, 1)));
      places.push(() => void map.items.splice(pick(map.items.length), 1, document.createPair("constructor", { x: 1 })));
    },
    Seq(_, list) {
      places.push(() => list.add(document.createNode({ not: "here" })));
    },
  });
  places[pick(places.length)]?.();
}

it("200 broken configurations each give a ConfigError with places, and nothing else", async () => {
  const folder = join(root, "packages/aplomo/src/config/examples");
  const env = await readFile(join(folder, "reference.env"), "utf8");
  let broken = 0;
  // Some changes are harmless by chance: another free name, a boolean where one belongs.
  for (let seed = 1; broken < 200; seed++) {
    assert.ok(seed < 230, `${seed - broken} configurations were not found to be broken`);
    const pick = random(seed);
    const text = await readFile(join(folder, pick(2) === 0 ? "reference-compose.yml" : "reference-pm2.yml"), "utf8");
    let yml: string;
    if (pick(3) === 0) yml = breakText[pick(breakText.length)]?.(text, pick) ?? "";
    else {
      const document = parseDocument(text);
      for (let times = 1 + pick(3); times > 0; times--) breakNode(document, pick);
      assert.ok(isMap(document.contents) || isSeq(document.contents));
      yml = document.toString();
    }
    try {
      // `complaints` asserts the kind of the error, and a place and a hint in each line.
      const lines = await complaints({ "aplomo.yml": yml, ".env": env, ".env.example": "SESSION_SECRET=changeme\n" });
      if (lines.length > 0) broken++;
    } catch (error) {
      throw new Error(`seed ${seed}\n${yml}`, { cause: error });
    }
  }
});
