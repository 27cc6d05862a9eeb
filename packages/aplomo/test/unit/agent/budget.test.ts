import assert from "node:assert/strict";
import fs from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { overview } from "../../../src/agent/pages/overview.ts";
import { document } from "../../../src/agent/pages/layout.ts";
import { script } from "../../../src/agent/pages/script.ts";
import { style } from "../../../src/agent/pages/style.ts";
import { viewAll } from "../../../src/agent/view.ts";
import { fillPark } from "../../support/agent-park.ts";

/** Files whose content is read while something is done. */
async function filesRead(body: () => Promise<unknown>): Promise<string[]> {
  const read: string[] = [];
  const [promised, sync] = [fs.promises.readFile, fs.readFileSync];
  fs.promises.readFile = ((path: string, ...rest: []) => (read.push(path), promised(path, ...rest))) as typeof promised;
  fs.readFileSync = ((path: string, ...rest: []) => (read.push(path), sync(path, ...rest))) as typeof sync;
  syncBuiltinESMExports();
  try {
    await body();
  } finally {
    Object.assign(fs.promises, { readFile: promised });
    Object.assign(fs, { readFileSync: sync });
    syncBuiltinESMExports();
  }
  return read;
}

test("the first page reads as many files of an application with a long history as of one with a short one", async (t) => {
  const home = await mkdtemp(join(tmpdir(), "aplomo-budget-"));
  t.after(() => rm(home, { recursive: true, force: true }));
  const now = new Date();
  const [short, long] = [join(home, "short"), join(home, "long")];
  await fillPark(short, { apps: 4, deployments: 8, runs: 1 }, now);
  await fillPark(long, { apps: 4, deployments: 1_200, runs: 40 }, now);
  const page = async (of: string): Promise<string> => document(overview(await viewAll(of), now), now);
  const [few, many] = [await filesRead(() => page(short)), await filesRead(() => page(long))];
  assert.ok(few.length > 0 && few.length <= 4 * 4, `${few.length} files`);
  assert.equal(many.length, few.length);
  // Of which one is a journal, the newest.
  assert.deepEqual(
    many.filter((path) => path.endsWith("journal.jsonl")).map((path) => /d\d+(?=\/journal)/.exec(path)?.[0]),
    ["d300", "d300", "d300", "d300"],
  );
  assert.ok((await page(long)).length < 40_000);
});

test("script and style weigh less than 60 kB together", () => assert.ok(script.length + style.length < 60_000));
