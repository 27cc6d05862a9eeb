import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { poll } from "../../src/base/time.ts";
import { local } from "../../src/host/local.ts";
import type { ReleaseFolder } from "../../src/targets/contract.ts";
import { startOf } from "../../src/host/liveness.ts";
import { openPm2Lab, type Pm2Application } from "../support/pm2.ts";
import type { Errand } from "../support/pm2-start.ts";
import { strictClient } from "../support/strict-client.ts";
import { textOf } from "../support/text-of.ts";

const lab = await openPm2Lab();
let application: Pm2Application;
afterEach(() => application.remove());
after(() => lab.close());

const limit = 60_000;

test("no request fails while a cluster is switched, there and back", async (t) => {
  application = await lab.application({ instances: 2 });
  const { release: one, target } = await application.running();
  await application.change({ version: "2" });
  const two = await application.release("r2");
  const changed = application.open();
  assert.equal(changed.capabilities.lossless, true);
  await changed.stage(two);

  const client = strictClient(application.url);
  await changed.start(two, one);
  await seen(client.tally.bodies, "2");
  await target.start(one, two);
  await changed.start(two, one);
  await seen(client.tally.bodies, "2");
  const { answered, failed, bodies } = await client.stop();
  t.diagnostic(`${answered} requests over 3 switches, ${failed.length} failed`);
  assert.deepEqual(failed, []);
  assert.ok((bodies.get("1") ?? 0) > 0 && (bodies.get("2") ?? 0) > 0);
  assert.equal(await textOf(application.url), "2");
});

test("no request fails while a cluster that never listens is refused", async (t) => {
  application = await lab.application({ instances: 2, target: { listen_timeout: "2s" } });
  const { release } = await application.running();
  await application.change({ version: "2", behaviour: "never-listens" });
  const { target: changed, release: next } = await application.staged("r2");
  const client = strictClient(application.url);
  await assert.rejects(changed.start(next, release), /did not listen/);
  const { answered, failed } = await client.stop();
  t.diagnostic(`${answered} requests, ${failed.length} failed`);
  assert.deepEqual(failed, []);
});

test("a single process is stopped before the next one starts, and the plan can say so", async (t) => {
  application = await lab.application();
  const { release } = await application.running();
  await application.change({ version: "2" });
  const { target: changed, release: next } = await application.staged("r2");
  assert.equal(changed.capabilities.lossless, false);
  assert.ok((await changed.inspect()).interrupts > 0);
  const client = strictClient(application.url, 1);
  await changed.start(next, release);
  const { failed, outage } = await client.stop();
  t.diagnostic(`${failed.length} requests failed, over ${Math.round(outage.to - outage.from)} ms`);
  assert.equal(await textOf(application.url), "2");
});

test("a cluster that people started is replaced without losing a request", async () => {
  application = await lab.application({ instances: 2 });
  await application.change({ version: "1" });
  await application.startByHand();
  const target = application.open();
  const [old, next] = [await application.release("r0"), await application.release("r1")];
  await target.adopt(old);
  await target.stage(next);
  const client = strictClient(application.url);
  await target.start(next, old);
  const { failed } = await client.stop();
  assert.deepEqual(failed, []);
});

for (const moment of ["asks PM2 to start", "waits for the new processes", "asks PM2 to stop the old ones"]) {
  test(`Aplomo killed while it ${moment}: the next start ends as if there had been one`, async () => {
    application = await lab.application({ instances: 2 });
    const { release } = await application.running();
    await application.change({ version: "2" });
    const { target, release: next } = await application.staged("r2");

    await killedStart(next, async (ended) => {
      const found = await poll(
        async () => {
          if (ended()) return true;
          if (moment.startsWith("asks PM2 to start"))
            return existsSync(join(application.home, "pm2", application.app, "call.json")) || undefined;
          const statuses = (await application.processes()).map(({ name, status }) => `${name.split("@")[1]} ${status}`);
          const wanted = moment.startsWith("waits") ? "r2 online" : "r1 stopped";
          return statuses.includes(wanted) || undefined;
        },
        { limit, every: 5 },
      );
      assert.ok(found);
    });
    await target.start(next, release);
    const processes = await application.processes();
    assert.deepEqual(processes.map(({ name, status }) => `${name.split("@")[1]} ${status}`).sort(), [
      "r1 stopped",
      "r1 stopped",
      "r2 online",
      "r2 online",
    ]);
    assert.equal(await textOf(application.url), "2");
    // Whatever the killed one had asked for has been done by now and does not come back.
    await target.start(release, next);
    assert.equal(await textOf(application.url), "1");
    assert.deepEqual([...new Set((await target.units()).filter(({ state }) => state === "running").map((unit) => unit.release))], ["r1"]);
  });
}

test("a job that a killed Aplomo left is ended before the next one of its name runs", async () => {
  application = await lab.application();
  const { release, target } = await application.running();
  const record = join(release.path, "runs", "d1-job.json");
  await killedStart(
    release,
    async () => void (await poll(async () => existsSync(record) || undefined, { limit, every: 5 })),
    "setInterval(() => {}, 1000)",
  );
  const { pid } = JSON.parse(await readFile(record, "utf8")) as { pid: number };
  assert.ok(await startOf(local, pid), "it outlived the one who started it");
  const { signal } = new AbortController();
  const result = await target.runOnce(release, { id: "d1-job", run: ["node", "-e", "console.log('second')"], env: {}, limit, signal });
  assert.deepEqual([result.code, result.output], [0, "second"]);
  assert.equal(await startOf(local, pid), undefined);
});

/** Starts the release, or a job, in a process of its own and kills that at a moment. */
async function killedStart(release: ReleaseFolder, moment: (ended: () => boolean) => Promise<void>, job?: string): Promise<void> {
  const config = application.config();
  const errand: Errand = {
    directory: config.directory,
    home: application.home,
    settings: config.settings,
    environment: {},
    release,
    ...(job === undefined ? {} : { job }),
  };
  const program = join(import.meta.dirname, "..", "support", "pm2-start.js");
  const child = spawn(process.execPath, [program, JSON.stringify(errand)], { stdio: "ignore", env: { ...process.env } });
  const end = new Promise((resolve) => child.once("exit", resolve));
  await moment(() => child.exitCode !== null);
  child.kill("SIGKILL");
  await end;
}

async function seen(bodies: Map<string, number>, body: string): Promise<void> {
  const before = bodies.get(body) ?? 0;
  assert.ok(await poll(async () => ((bodies.get(body) ?? 0) > before + 20 ? true : undefined), { limit }));
}
