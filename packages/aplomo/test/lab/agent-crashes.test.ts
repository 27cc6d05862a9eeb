import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { agentPaths, watchPaths } from "../../src/agent/paths.ts";
import { addApp } from "../../src/agent/registry.ts";
import { listRuns, outputOf } from "../../src/agent/runs.ts";
import { listBackups } from "../../src/backup/catalogue.ts";
import { delay, poll } from "../../src/base/time.ts";
import { appPaths } from "../../src/deploy/paths.ts";
import { agentRig } from "../support/agent.ts";

const kills = process.env["APLOMO_TEST_FULL"] ? 100 : 6;

test(`an agent that is killed ${kills} times at random loses no run and makes none twice`, async (t) => {
  const rig = await agentRig("crashes", "", { blind: true });
  t.after(() => rig.close());
  const paths = agentPaths(rig.home);
  const { runs } = watchPaths(paths, "crashes");
  // A backup every second, each of which stays: what ran is counted by what it made.
  const jobs = [{ name: "backup", cron: "* * * * * *", zone: "UTC", argv: ["backup", "run", "--manual", "--wait", "1m"] }];
  await addApp(paths, { app: "crashes", config: join(rig.folder, "aplomo.yml"), jobs }, new Date());
  for (let round = 0; round < kills; round += 1) {
    const agent = rig.agent();
    // Any moment will do: between two beats it plans, starts and forgets runs.
    await delay(300 + Math.random() * 2_500);
    agent.kill("SIGKILL");
    await once(agent, "close");
  }
  const last = rig.agent();
  const begun = (await listRuns(runs)).length;
  await poll(async () => ((await listRuns(runs)).length > begun + 1 ? true : undefined), { limit: 60_000 });
  last.kill("SIGTERM");
  const [code] = (await once(last, "close")) as [number | null];
  assert.equal(code, 0);
  await poll(async () => ((await listRuns(runs)).some(({ state }) => state === "running") ? undefined : true), { limit: 60_000 });

  const all = await listRuns(runs);
  assert.ok(all.length >= 2, `${all.length} runs`);
  const done = all.filter(({ state }) => state === "done");
  // Only the last one may still wait for an agent that begins it.
  assert.ok(all.length - done.length <= 1, JSON.stringify(all.map(({ id, state }) => [id, state])));
  assert.equal(new Set(all.map(({ slot }) => slot.getTime())).size, all.length, "a slot has one run");
  for (const { folder } of done) {
    const results = (await readFile(outputOf(folder), "utf8")).split("\n").filter((line) => line.includes('"type":"result"'));
    assert.equal(results.length, 1);
  }
  const backups = await listBackups(appPaths(rig.home, "crashes").backups, { database: "main" });
  assert.equal(backups.length, done.length);
});

test("a second agent of the same server is refused", async (t) => {
  const rig = await agentRig("second");
  t.after(() => rig.close());
  rig.agent();
  const lock = await poll(
    async () => {
      const { events } = await rig.run("agent", "list");
      return (events[0]?.["data"] as { agent: string | null } | undefined)?.agent ?? undefined;
    },
    { limit: 30_000 },
  );
  assert.match(String(lock), /^process \d+/);
  const { code, output } = await rig.run("agent", "run");
  assert.equal(code, 4);
  assert.match(output, /holds it for agent/);
});

test("an application is added, listed with what runs next, and left alone again", async (t) => {
  const rig = await agentRig("listed", 'backups: { at: "0 */6 * * *", zone: Europe/Madrid }\n');
  t.after(() => rig.close());
  const added = await rig.run("agent", "add");
  assert.equal(added.code, 0, added.output);
  const listed = (await rig.run("agent", "list")).events[0]?.["data"] as {
    apps: { app: string; jobs: { name: string; cron: string }[] }[];
  };
  assert.deepEqual(
    listed.apps.map(({ app, jobs }) => [app, jobs.map(({ name, cron }) => [name, cron])]),
    [
      [
        "listed",
        [
          ["backup", "0 */6 * * *"],
          ["drill", "0 5 * * 0"],
        ],
      ],
    ],
  );
  assert.match((await rig.run("backup", "schedule")).output, /let `aplomo agent` make the backups/);
  assert.equal((await rig.run("agent", "remove")).code, 0);
  const gone = await rig.run("agent", "remove", "listed");
  assert.equal(gone.code, 2);
  assert.match(gone.output, /does not look after it/);
});
