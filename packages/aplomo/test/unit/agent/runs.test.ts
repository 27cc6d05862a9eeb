import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { claimRun, endRun, listRuns, planRun, readRun, runId } from "../../../src/agent/runs.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-runs-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const slot = new Date("2026-11-22T01:30:00Z");
const plan = { argv: ["backup", "run"], missed: 2 };

test("a run is made once, and says what it is", async () => {
  const runs = join(folder, "once");
  const id = runId("backup", slot, 1);
  const made = await Promise.all([1, 2, 3, 4].map(() => planRun(runs, id, plan)));
  assert.equal(made.filter(Boolean).length, 1);
  assert.deepEqual(await readdir(runs), [id]);
  const [run] = await listRuns(runs);
  assert.deepEqual([run?.job, run?.slot, run?.attempt, run?.missed, run?.state], ["backup", slot, 1, 2, "claimed"]);
});

test("of many processes one gets it; when it ends without a word it was interrupted", async () => {
  const runs = join(folder, "claims");
  const id = runId("backup", slot, 1);
  await planRun(runs, id, plan);
  const code = `import { claimRun } from ${JSON.stringify(new URL("../../../src/agent/runs.js", import.meta.url).href)};
    process.stdout.write(String(await claimRun(process.argv[1], new Date())));`;
  const said = await Promise.all(
    [1, 2, 3, 4].map(
      () =>
        new Promise<string>((resolve) => {
          let text = "";
          const child = spawn(process.execPath, ["--input-type=module", "-e", code, join(runs, id)]);
          child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
          child.on("close", () => resolve(text));
        }),
    ),
  );
  assert.deepEqual(said.toSorted(), ["false", "false", "false", "true"]);
  assert.equal((await readRun(runs, id))?.state, "interrupted");
});

test("it runs, and ends well or not", async () => {
  const runs = join(folder, "ends");
  for (const [index, exitCode] of [0, 1].entries()) {
    const id = runId("drill", slot, index + 1);
    await planRun(runs, id, plan);
    assert.equal(await claimRun(join(runs, id), slot), true);
    assert.equal((await readRun(runs, id))?.state, "running");
    await endRun(join(runs, id), exitCode, slot);
    const run = await readRun(runs, id);
    assert.deepEqual([run?.state, run?.exitCode, run?.endedAt], [exitCode === 0 ? "done" : "failed", exitCode, slot]);
  }
});

test("what else lies in the folder is no run", async () => {
  const runs = join(folder, "ends");
  assert.equal(await readRun(runs, "../ends"), undefined);
  assert.equal(await readRun(runs, ".partial"), undefined);
});
