import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeFileSafely } from "../../../src/host/files.ts";
import { Remembered } from "../../../src/host/remembered.ts";

test("reads a file again when it was replaced or has grown, and only then; what is gone is gone", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "aplomo-remembered-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  let parsed = 0;
  const files = new Remembered((text) => `${++parsed}: ${text}`);
  const path = join(folder, "a");
  assert.equal(files.get(path), undefined);
  await writeFileSafely(path, "one");
  assert.deepEqual([files.get(path), files.get(path)], ["1: one", "1: one"]);
  // As long as before, in the same moment.
  await writeFileSafely(path, "two");
  assert.deepEqual([files.get(path), files.get(path)], ["2: two", "2: two"]);
  appendFileSync(path, ".");
  assert.equal(files.get(path), "3: two.");
  rmSync(path);
  assert.equal(files.get(path), undefined);
});
