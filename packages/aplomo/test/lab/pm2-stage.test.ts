import assert from "node:assert/strict";
import { chmod, lstat, mkdir, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { openPm2Lab, type Pm2Application } from "../support/pm2.ts";
import { textOf } from "../support/text-of.ts";

const lab = await openPm2Lab();
let application: Pm2Application;
afterEach(() => application.remove());
after(() => lab.close());

async function write(path: string, content = "x"): Promise<void> {
  const file = join(application.source, path);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, content);
}

test("the copy has the app and leaves out what is not code", async () => {
  application = await lab.application({
    target: {
      install: ["node", "-e", "require('fs').mkdirSync('node_modules/made', { recursive: true })"],
      exclude: ["*.tmp", "uploads/"],
    },
    settings: { env: { file: "source/.env" }, databases: { main: { engine: "sqlite", file: "source/data/app.db" } } },
  });
  await application.change({ version: "1", env: { DATABASE_FILE: join(application.source, "data/app.db") } });
  for (const path of ["lib/a.js", "bin/tool", ".env", ".git/HEAD", "uploads/1.png", "lib/b.tmp", "node_modules/dep/index.js"])
    await write(path);
  for (const path of ["data/app.db", "data/app.db-wal", "data/app.db-shm", "data/seed.json"]) await write(path);
  await chmod(join(application.source, "bin/tool"), 0o755);
  await symlink("lib/a.js", join(application.source, "current"));
  const release = await application.release("r1");
  const staged = await application.open().stage(release);
  const app = join(release.path, "app");
  const found = (await readdir(app, { recursive: true })).filter((path) => !path.startsWith("node_modules")).sort();
  const expected = ["behaviour", "bin", "bin/tool", "current", "data", "data/seed.json", "lib", "lib/a.js", "server.cjs", "version"];
  assert.deepEqual(found, expected);
  assert.deepEqual(await readdir(join(app, "node_modules")), ["made"], "as install made it");
  assert.equal(await readlink(join(app, "current")), "lib/a.js");
  assert.equal((await lstat(join(app, "bin/tool"))).mode & 0o777, 0o755);
  assert.match(staged.artifacts["app"] ?? "", /^sha256:[0-9a-f]{64}$/);
  assert.ok((await readdir(release.path)).every((name) => !name.endsWith(".partial")));
});

test("a failed install says what it said, and staging again begins anew", async () => {
  application = await lab.application({ target: { install: ["node", "-e", "console.error('no such package'); process.exit(4)"] } });
  await application.change({ version: "1" });
  const release = await application.release("r1");
  await assert.rejects(application.open().stage(release), (error: Error & { hint?: string }) => {
    assert.match(error.message, /exit code 4: no such package/);
    return error.hint?.includes("install.log") ?? false;
  });
  await assert.rejects(application.open().verify(release), /never completely staged/);
});

test("a stage cut short is made whole by the next one", async () => {
  application = await lab.application();
  await application.change({ version: "1" });
  const release = await application.release("r1");
  await mkdir(join(release.path, "app.partial"));
  await mkdir(join(release.path, "app", "half"), { recursive: true });
  await application.open().stage(release);
  assert.deepEqual((await readdir(join(release.path, "app"))).sort(), ["behaviour", "server.cjs", "version"]);
});

test("files the app writes beside its own do not hinder going back; a changed or missing one does, and is named", async () => {
  application = await lab.application();
  await application.change({ version: "1" });
  const release = await application.release("r1");
  const target = application.open();
  await target.stage(release);
  await writeFile(join(release.path, "app", "cache.json"), "{}");
  await target.verify(release);
  await rm(join(release.path, "app", "version"));
  await assert.rejects(target.verify(release), /1 of its files are missing or changed: version/);
});

test("a link out of the source is refused instead of being broken in the release", async () => {
  application = await lab.application();
  await application.change({ version: "1" });
  await writeFile(join(application.folder, "shared.js"), "");
  await symlink("../shared.js", join(application.source, "shared.js"));
  await assert.rejects(application.open().stage(await application.release("r1")), /copy shared\.js: 1 link leads out of target\.source/);
});

test("inspect refuses what could not work, each with its next act", async () => {
  application = await lab.application({
    instances: 2,
    exec_mode: "fork",
    target: { script: "gone.js" },
    settings: { databases: { main: { engine: "sqlite", file: "source/app.db" } } },
  });
  await application.change({ version: "1", env: { status: "x", SHUTDOWN_TIMEOUT_MS: "10000" } });
  const foreign = createServer().listen(application.port, "127.0.0.1");
  try {
    const { refusals } = await application.open().inspect();
    const said = refusals.map(({ message }) => message).join("\n");
    for (const part of [/gone\.js does not exist/, /app\.db lies in the folder that is copied/, /fork mode cannot listen on one port/])
      assert.match(said, part);
    assert.match(said, /variable status cannot be given/);
    assert.match(said, /kills the app after 4 s, and the app gives itself 10 s/);
    assert.match(said, new RegExp(`port ${application.port} is taken by .*pid ${process.pid}`));
    assert.ok(refusals.every(({ hint }) => hint.length > 0));
  } finally {
    foreign.close();
  }
});

test("inspect has nothing against the app's own port, and sees that an app in fork mode must be interrupted once", async () => {
  application = await lab.application({ instances: 2 });
  await application.change({ version: "1" });
  await lab.pm2(["start", join(application.source, "server.cjs"), "--name", application.app], { PORT: String(application.port) });
  const { refusals, interrupts, replaces } = await application.open().inspect();
  assert.deepEqual(refusals, []);
  assert.deepEqual(replaces, [application.app]);
  assert.ok(interrupts > 0);
});

test("a database the app knows by its whole path may lie where it likes", async () => {
  application = await lab.application({ settings: { databases: { main: { engine: "sqlite", file: "source/data/app.db" } } } });
  await application.change({ version: "1", env: { DATABASE_URL: `file:${join(application.source, "data/app.db")}` } });
  assert.deepEqual((await application.open().inspect()).refusals, []);
});

test("what was adopted comes back with its script, folder, arguments and environment when PM2 has forgotten it", async () => {
  application = await lab.application();
  await application.change({ version: "1", env: { COLOUR: "red" } });
  await application.startByHand();
  const [before] = await application.processes();
  const target = application.open();
  const old = await application.release("r0");
  const staged = await target.adopt(old);
  assert.equal(staged?.evidence["filesCopied"], false);
  await lab.pm2(["delete", application.app]);
  await target.start(old, null);
  const [after] = await application.processes();
  assert.deepEqual([after?.script, after?.cwd, after?.clustered], [before?.script, before?.cwd, before?.clustered]);
  assert.equal(await textOf(`${application.url}/env/COLOUR`), "red");
});
