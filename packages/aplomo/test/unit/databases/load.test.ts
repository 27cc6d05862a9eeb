import assert from "node:assert/strict";
import { test } from "node:test";
import { engines } from "../../../src/databases/index.ts";
import { openers } from "../../../src/databases/load.ts";

test("every engine can be loaded by itself, and is the one that is loaded with all", async () => {
  assert.deepEqual(Object.keys(openers).toSorted(), Object.keys(engines).toSorted());
  for (const [name, load] of Object.entries(openers)) assert.equal(await load(), engines[name]?.open);
});
