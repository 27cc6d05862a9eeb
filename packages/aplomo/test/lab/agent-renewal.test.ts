import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { agentPaths, watchPaths } from "../../src/agent/paths.ts";
import { addApp } from "../../src/agent/registry.ts";
import { listRuns } from "../../src/agent/runs.ts";
import { listBackups } from "../../src/backup/catalogue.ts";
import { delay, poll } from "../../src/base/time.ts";
import { appPaths } from "../../src/deploy/paths.ts";
import { agentRig } from "../support/agent.ts";

const upgrades = process.env["APLOMO_TEST_FULL"] ? 10 : 2;
const isThere = (path: string): Promise<true | undefined> =>
  access(path).then(
    () => true,
    () => undefined,
  );

test(`an agent ends between two jobs when another Aplomo has come, ${upgrades} times: no run is lost and none is made twice`, async (t) => {
  const rig = await agentRig("renewed", "", { blind: true });
  t.after(() => rig.close());
  const paths = agentPaths(rig.home);
  const { runs } = watchPaths(paths, "renewed");
  const jobs = [{ name: "backup", cron: "* * * * * *", zone: "UTC", argv: ["backup", "run", "--manual", "--wait", "1m"] }];
  await addApp(paths, { app: "renewed", config: join(rig.folder, "aplomo.yml"), jobs }, new Date());
  let agent: ChildProcess = rig.agent("--kept");
  for (let round = 0; round < upgrades; round += 1) {
    const begun = (await listRuns(runs)).length;
    await poll(async () => ((await listRuns(runs)).length > begun ? true : undefined), { limit: 60_000 });
    const ended = once(agent, "close") as Promise<[number | null]>;
    await rig.upgrade();
    assert.deepEqual((await ended).slice(0, 1), [0]);
    // Whatever it had begun has ended: it would be gone with a container.
    assert.deepEqual(
      (await listRuns(runs)).filter(({ state }) => state === "running"),
      [],
    );
    // As whoever keeps it does.
    agent = rig.agent("--kept");
  }
  const begun = (await listRuns(runs)).length;
  await poll(async () => ((await listRuns(runs)).length > begun ? true : undefined), { limit: 60_000 });
  agent.kill("SIGTERM");
  await once(agent, "close");
  await poll(async () => ((await listRuns(runs)).some(({ state }) => state === "running") ? undefined : true), { limit: 60_000 });
  const all = await listRuns(runs);
  const done = all.filter(({ state }) => state === "done");
  assert.ok(all.length - done.length <= 1, JSON.stringify(all.map(({ id, state }) => [id, state])));
  assert.equal(new Set(all.map(({ slot }) => slot.getTime())).size, all.length, "a slot has one run");
  const backups = await listBackups(appPaths(rig.home, "renewed").backups, { database: "main" });
  assert.equal(backups.length, done.length);
});

test("it stays when the other one does not start, and when nobody would start it again; it says so", async (t) => {
  const rig = await agentRig("stays", "", { blind: true });
  t.after(() => rig.close());
  const tried = join(rig.folder, "tried");
  const agent = rig.agent("--kept");
  await poll(() => isThere(agentPaths(rig.home).socket), { limit: 60_000 });
  await rig.upgrade(`await (await import("node:fs/promises")).writeFile(${JSON.stringify(tried)}, "");\nprocess.exit(1);\n`);
  assert.ok(await poll(() => isThere(tried), { limit: 60_000 }));
  // Two beats more.
  await delay(4_000);
  assert.equal(agent.exitCode, null);
  agent.kill("SIGTERM");
  await once(agent, "close");

  await rig.upgrade();
  const alone = rig.agent();
  const said = alone.stdout ? text(alone.stdout) : Promise.resolve("");
  await poll(() => isThere(agentPaths(rig.home).socket), { limit: 60_000 });
  await rig.upgrade();
  await delay(16_000);
  assert.equal(alone.exitCode, null);
  alone.kill("SIGTERM");
  assert.equal((await said).split("Aplomo was replaced").length, 2, "it is said once");
});
