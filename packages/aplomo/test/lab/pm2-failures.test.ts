import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import type { AplomoError } from "../../src/base/errors.ts";
import { poll } from "../../src/base/time.ts";
import { openPm2Lab, type Pm2Application } from "../support/pm2.ts";
import { textOf } from "../support/text-of.ts";

const lab = await openPm2Lab();
let application: Pm2Application;
afterEach(() => application.remove());
after(() => lab.close());

const limit = 30_000;

/** The sentence a person reads, and the process's own last words as evidence. */
function says(message: RegExp, log: RegExp): (error: AplomoError) => boolean {
  return (error) => message.test(error.message) && log.test(JSON.stringify(error.evidence));
}

test("T1: PM2 calls a cluster that never listens online and ends its old one; a start says so and the old one serves on", async () => {
  application = await lab.application({ instances: 2, target: { listen_timeout: "3s" } });
  const { target, release } = await application.running();
  const before = (await application.processes()).map(({ pid }) => pid);
  await application.change({ version: "2", behaviour: "never-listens" });
  const { target: changed, release: next } = await application.staged("r2");
  await assert.rejects(changed.start(next, release), says(/2 of 2 did not listen on port \d+ within 3 s/, /version 2 is never-listens/));
  const after = await application.processes();
  assert.deepEqual(
    after.map(({ pid }) => pid),
    before,
    "the old processes are the same, the new ones gone",
  );
  assert.equal(await textOf(application.url), "1");
  assert.deepEqual([...new Set((await target.units()).map((unit) => `${unit.release} ${unit.state}`))], ["r1 running"]);
});

test("T1, what PM2 itself does: reload ends with code 0 and nobody listens", async () => {
  application = await lab.application({ instances: 2 });
  await application.change({ version: "1" });
  await application.startByHand();
  await application.change({ version: "2", behaviour: "never-listens" });
  await lab.pm2(["reload", application.app, "--listen-timeout", "500"]);
  assert.deepEqual([...new Set((await application.processes()).map(({ status }) => status))], ["online"]);
  assert.equal(await textOf(application.url), undefined);
});

test("T2: a process that ends with exit code 0 is online to PM2 for ever; its unit tells each restart", async () => {
  application = await lab.application({ target: { max_memory_restart: "300M" } });
  await application.change({ version: "1", behaviour: "exits", env: { AFTER_MS: "3000" } });
  const { target, release } = await application.staged("r1");
  await target.start(release, null);
  const [first] = await target.units();
  assert.ok(first);
  const restarted = await poll(async () => (await target.units()).find(({ restarts }) => restarts >= first.restarts + 2), { limit });
  assert.ok(restarted, "it was seen to restart");
  assert.equal(restarted.exitCode, 0);
  assert.notEqual(restarted.id, first.id);
  assert.notEqual(restarted.startedAt, first.startedAt);
  const [process] = await application.processes();
  assert.equal(process?.status, "online", "which is all that PM2 has to say");
});

test("T2 in a trial: a release that ends by itself with exit code 0 is not called good", async () => {
  application = await lab.application();
  await application.change({ version: "1", behaviour: "exits", env: { AFTER_MS: "300" } });
  const { target, release } = await application.staged("r1");
  const probe = async (): Promise<void> => {
    await poll(async () => ((await lab.list()).some(({ exitCode }) => exitCode === 0) ? true : undefined), { limit });
  };
  await assert.rejects(async () => target.tryOut?.(release, probe), /ended with exit code 0 when it was tried out/);
  assert.deepEqual(await application.processes(), []);
});

test("one process that never listens: the start fails with its words, and the old one can be started again", async () => {
  application = await lab.application({ target: { listen_timeout: "2s" } });
  const { target, release } = await application.running();
  await application.change({ version: "2", behaviour: "never-listens" });
  const { target: changed, release: next } = await application.staged("r2");
  await assert.rejects(changed.start(next, release), /1 of 1 did not listen/);
  await target.start(release, next);
  assert.equal(await textOf(application.url), "1");
});

test("a cluster that crashes at its start is told at once, with its exit code, not when the limit has passed", async () => {
  application = await lab.application({ instances: 2, target: { listen_timeout: "10m" } });
  const { release } = await application.running();
  await application.change({ version: "2", behaviour: "crashes" });
  const { target: changed, release: next } = await application.staged("r2");
  await assert.rejects(changed.start(next, release), says(/ended with exit code 3/, /crashing now/));
  assert.equal(await textOf(application.url), "1");
});

test("a slow start is waited for, and an app that ignores being asked to stop is stopped", async () => {
  application = await lab.application({ target: { kill_timeout: "1s" } });
  await application.change({ version: "1", behaviour: "ignores-sigint" });
  const { target, release } = await application.staged("r1");
  await target.start(release, null);
  await application.change({ version: "2", behaviour: "slow-start", env: { AFTER_MS: "2000" } });
  const { target: changed, release: next } = await application.staged("r2");
  await changed.start(next, release);
  assert.equal(await textOf(application.url), "2", "it answers as soon as start returns");
  assert.deepEqual(
    (await target.units()).map((unit) => `${unit.release} ${unit.state}`),
    ["r1 stopped", "r2 running"],
  );
});

test("an app that says when it is ready is waited for, and PM2's own limit does not decide", async () => {
  application = await lab.application({ instances: 2, target: { wait_ready: true, listen_timeout: "3s" } });
  const { release } = await application.running();
  await application.change({ version: "2", behaviour: "never-listens" });
  const { target: changed, release: next } = await application.staged("r2");
  await assert.rejects(changed.start(next, release), /did not listen/);
  assert.equal(await textOf(application.url), "1");
});

test("a trial leaves nothing, also when its probe fails or Aplomo was killed in the last one", async () => {
  application = await lab.application();
  const { target, release } = await application.running();
  const refuse = async (): Promise<void> => {
    throw new Error("status 503");
  };
  await assert.rejects(async () => target.tryOut?.(release, refuse), /status 503/);
  assert.equal((await application.processes()).length, 1);
  const left = { APLOMO_RELEASE: "r1", PORT: "1" };
  await lab.pm2(["start", join(application.source, "server.cjs"), "--name", `${application.app}-candidate`, "--no-autorestart"], left);
  let probed = 0;
  await target.tryOut?.(release, async (unit) => {
    probed++;
    assert.equal(await textOf(`http://127.0.0.1:${unit.address?.port}`), "1");
  });
  assert.equal(probed, 1);
  assert.equal((await application.processes()).length, 1);
});

test("Ctrl-C during a start takes the new processes away, and the start that takes things back heeds no old signal", async () => {
  application = await lab.application({ instances: 2, target: { listen_timeout: "10m" } });
  const { release, target: old } = await application.running();
  await application.change({ version: "2", behaviour: "never-listens" });
  const { target, release: next } = await application.staged("r2");
  const starting = target.start(next, release);
  await poll(async () => ((await application.processes()).some(({ name }) => name.endsWith("@r2")) ? true : undefined), { limit });
  application.signal.abort(new Error("interrupted"));
  await assert.rejects(starting, /interrupted/);
  assert.deepEqual([...new Set((await application.processes()).map(({ name }) => name))], [`${application.app}@r1`]);
  await old.stop(release);
  await target.start(release, next);
  assert.equal(await textOf(application.url), "1");
});

test("without a daemon, several calls at once wake one, and all are answered", async () => {
  application = await lab.application();
  await lab.pm2(["kill"]);
  const calls = [1, 2, 3, 4].map(() => application.open().units());
  assert.deepEqual(await Promise.all(calls), [[], [], [], []]);
  const commands = await Promise.all(
    (await readdir("/proc")).map((pid) => readFile(join("/proc", pid, "cmdline"), "utf8").catch(() => "")),
  );
  assert.equal(commands.filter((line) => line.includes(`God Daemon (${join(lab.folder, "pm2")})`)).length, 1);
});
