import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { openPm2Lab, type Pm2Application } from "../support/pm2.ts";
import { textOf } from "../support/text-of.ts";

const lab = await openPm2Lab();
let application: Pm2Application;
afterEach(() => application.remove());
after(() => lab.close());

const secret = "a-secret-nobody-may-see-42";

test("a variable that was removed is gone, and one in the shell of whoever runs Aplomo never comes in", async () => {
  application = await lab.application();
  process.env["FROM_THE_SHELL"] = "1";
  try {
    await application.change({ version: "1", env: { OLD_FLAG: "on", KEPT: "yes" } });
    const target = application.open();
    const [one, two] = [await application.release("r1"), await application.release("r2")];
    await target.stage(one);
    await target.start(one, null);
    assert.equal(await textOf(`${application.url}/env/OLD_FLAG`), "on");
    await application.change({ version: "2", env: { KEPT: "yes" } });
    const changed = application.open();
    await changed.stage(two);
    await changed.start(two, one);
    assert.equal(await textOf(`${application.url}/env/KEPT`), "yes");
    for (const name of ["OLD_FLAG", "FROM_THE_SHELL"]) assert.equal(await textOf(`${application.url}/env/${name}`), undefined, name);
    const unit = (await changed.units()).find(({ release }) => release === "r2");
    assert.ok(unit);
    assert.deepEqual(await changed.differences(unit, two), []);
  } finally {
    delete process.env["FROM_THE_SHELL"];
  }
});

test("PM2 itself keeps a removed variable, and a worker inherits it from its daemon: both are told by name", async () => {
  // A daemon of its own, born in the shell that has the variable.
  const own = await openPm2Lab();
  try {
    application = await own.application({ instances: 2, shell: { FORBIDDEN: "1" }, settings: { env: { forbid: ["FORBIDDEN"] } } });
    await application.change({ version: "1" });
    await application.startByHand();
    const target = application.open();
    const [old, next] = [await application.release("r0"), await application.release("r1")];
    assert.match((await target.inspect()).refusals.map(({ message }) => message).join(), /shell that had FORBIDDEN/);
    await target.adopt(old);
    await target.stage(next);
    await target.start(next, old);
    assert.equal(await textOf(`${application.url}/env/FORBIDDEN`), "1", "the daemon gives it to every worker");
    const unit = (await target.units()).find(({ release }) => release === "r1");
    assert.ok(unit);
    assert.deepEqual(await target.differences(unit, next), ["FORBIDDEN is set although the release does not have it"]);
  } finally {
    await application.remove();
    await own.close();
    application = await lab.application();
    process.env["PM2_HOME"] = join(lab.folder, "pm2");
  }
});

test("values reach PM2 by files of mode 0600 alone, its saved list included, and its command line never", async () => {
  application = await lab.application();
  await application.change({ version: "1", env: { TOKEN: secret } });
  const target = application.open();
  const release = await application.release("r1");
  const staged = await target.stage(release);
  const evidence = await target.start(release, null);
  for (const file of [join(release.path, "ecosystem.json"), join(lab.folder, "pm2", "dump.pm2")]) {
    assert.ok((await readFile(file, "utf8")).includes(secret), file);
    assert.equal((await stat(file)).mode & 0o777, 0o600, file);
  }
  const told = JSON.stringify([staged, evidence, application.events, await readFile(join(release.path, "processes.json"), "utf8")]);
  assert.doesNotMatch(told, new RegExp(secret));
  const [running] = await application.processes();
  assert.doesNotMatch(await readFile(`/proc/${running?.pid}/cmdline`, "utf8"), new RegExp(secret));
});

test("what a job and a crash say comes back without the values of the environment", async () => {
  application = await lab.application();
  await application.change({ version: "1", env: { DATABASE_URL: "postgres://app:pa55word-x@db/app", TOKEN: secret } });
  const { target, release } = await application.staged("r1");
  const { signal } = new AbortController();
  const script = "console.log(process.env.TOKEN, 'user app, password pa55word-x', process.env.DATABASE_URL, process.env.NODE_ENV)";
  const job = { id: "d1-job", run: ["node", "-e", script] as const, env: {}, limit: 20_000, signal };
  const { output } = await target.runOnce(release, job);
  assert.equal(output, "[secret] user app, password [secret] [secret] production");
});

test("the list a reboot brings back is the one in front", async () => {
  application = await lab.application();
  const { release } = await application.running();
  await application.change({ version: "2" });
  const { target, release: next } = await application.staged("r2");
  await target.start(next, release);
  await lab.pm2(["kill"]);
  await lab.pm2(["resurrect"]);
  const after = (await application.processes()).map(({ name, status }) => `${name.split("@")[1]} ${status}`);
  assert.deepEqual(after, ["r1 stopped", "r2 online"]);
  await target.start(next, null);
  assert.equal(await textOf(application.url), "2");
});

test("a daemon that was started anew, empty: a release starts from its folder, and other people's saved processes are kept", async () => {
  const other = await lab.application();
  application = await lab.application();
  try {
    await other.change({ version: "1" });
    await other.startByHand();
    const { release, target } = await application.running();
    await lab.pm2(["kill"]);
    const evidence = await target.start(release, null);
    assert.equal(await textOf(application.url), "1");
    assert.equal(evidence["saved"], false);
    assert.ok(application.events.some((event) => event.type === "warning" && event.message.includes(other.app)));
    const saved = JSON.parse(await readFile(join(lab.folder, "pm2", "dump.pm2"), "utf8")) as { name: string }[];
    assert.ok(saved.some(({ name }) => name === other.app));
    await lab.pm2(["resurrect"]);
    assert.equal((await target.start(release, null))["saved"], true);
  } finally {
    await other.remove();
    await writeFile(join(lab.folder, "pm2", "dump.pm2"), "[]");
  }
});

test("a release that had crashed in its life counts restarts anew when it is started again", async () => {
  application = await lab.application();
  const { target, release } = await application.running();
  const [before] = await target.units();
  process.kill(Number(before?.id.split(":")[1]), "SIGKILL");
  await lab.pm2(["restart", `${application.app}@r1`]);
  assert.ok(((await target.units())[0]?.restarts ?? 0) > 0);
  await target.start(release, null);
  assert.deepEqual(
    (await target.units()).map(({ restarts, state }) => [restarts, state]),
    [[0, "running"]],
  );
});
