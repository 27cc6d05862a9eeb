import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { agentPaths, watchPaths } from "../../src/agent/paths.ts";
import { readLook } from "../../src/agent/watch.ts";
import { smallNode } from "../../src/agent/resident.ts";
import { poll } from "../../src/base/time.ts";
import { agentRig } from "../support/agent.ts";

const [ticks, backups] = process.env["APLOMO_TEST_FULL"] ? [10_000, 1_000] : [2_000, 60];
const worker = fileURLToPath(new URL("../support/agent-worker.js", import.meta.url));

/** What `agent-worker.ts` measured: bytes in use after a collection, a tenth of the way through and at the end. */
interface Measured {
  early: number;
  late: number;
  runs: number;
  kept: number;
}

for (const [what, count] of [
  ["ticks", ticks],
  ["backups", backups],
] as const)
  test(`memory stays flat over ${count} ${what} on a clock of our own`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "aplomo-memory-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const child = spawn(process.execPath, ["--expose-gc", ...smallNode, worker, what, String(count), folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => (said += part));
    const [code] = (await once(child, "close")) as [number | null];
    assert.equal(code, 0, said);
    const { early, late, runs, kept } = JSON.parse(said) as Measured;
    t.diagnostic(`${(early / 1e6).toFixed(1)} MB, at the end ${(late / 1e6).toFixed(1)} MB; ${runs} runs, ${kept} backups kept`);
    assert.ok(late - early < 4e6, `${early} grew to ${late} bytes`);
    // Each backup had a night of its own; of the runs 60 days are remembered, and of the backups what retention keeps.
    if (what === "backups") assert.ok(runs >= Math.min(count, 60) && runs <= 62 && kept >= 7 && kept <= 17, said);
  });

test("an agent that looks, tells and is asked for its pages stays below 80 MB", async (t) => {
  const rig = await agentRig("small", "watch: { every: 1s }\n");
  t.after(() => rig.close());
  assert.equal((await rig.run("agent", "add")).code, 0);
  const agent = rig.agent();
  const paths = agentPaths(rig.home);
  const looked = new Set<string>();
  const looks = async (): Promise<true | undefined> => {
    const look = readLook(watchPaths(paths, "small"));
    if (look) looked.add(look.at);
    return looked.size > 5 ? true : undefined;
  };
  assert.ok(await poll(looks, { limit: 120_000, every: 300 }));
  const status = await readFile(`/proc/${agent.pid}/status`, "utf8");
  const memory = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024;
  t.diagnostic(`at most ${memory.toFixed(1)} MB`);
  assert.ok(memory < 80, `${memory} MB`);
});
