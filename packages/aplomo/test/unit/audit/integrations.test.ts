import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { parse } from "yaml";
import { need } from "../../support/need.ts";
import { root } from "../../support/root.ts";

const run = promisify(execFile);
const integrations = join(root, "packages/aplomo/integrations");
const hasAgent = spawnSync("ssh-agent", ["-h"]).error === undefined;
const good =
  'FROM node:22-bookworm-slim@sha256:1111111111111111111111111111111111111111111111111111111111111111\nUSER node\nCMD ["node", "server.js"]\n';

/** A repository with a remote, whose `aplomo` is the one under test: what npm would have put there. */
let folder = "";
let repository = "";
const git = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  run("git", ["-c", "user.name=Ana", "-c", "user.email=ana@example.com", ...args], { cwd: repository, env });
let env: NodeJS.ProcessEnv = {};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-integrations-"));
  repository = join(folder, "app");
  await mkdir(join(repository, "node_modules/.bin"), { recursive: true });
  await mkdir(join(repository, ".githooks"));
  const program = join(repository, "node_modules/.bin/aplomo");
  await writeFile(program, `#!/bin/sh\nexec ${process.execPath} ${join(root, ".cache/js/packages/aplomo/src/cli/bin.js")} "$@"\n`);
  await chmod(program, 0o755);
  env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  await run("git", ["init", "--quiet", "--bare", join(folder, "remote.git")], { env });
  await git("init", "--quiet", "--initial-branch", "main");
  await writeFile(join(repository, ".gitignore"), "node_modules\n");
  await writeFile(
    join(repository, "package.json"),
    '{ "name": "app", "private": true, "scripts": { "prepare": "git config core.hooksPath .githooks" } }\n',
  );
  await writeFile(join(repository, "Dockerfile"), good);
  await copyFile(join(integrations, "pre-push"), join(repository, ".githooks/pre-push"));
  await chmod(join(repository, ".githooks/pre-push"), 0o755);
  await git("add", ".");
  await git("commit", "--quiet", "-m", "Begin");
  await git("remote", "add", "origin", join(folder, "remote.git"));
  await git("push", "--quiet", "--set-upstream", "origin", "main");
  await git("config", "core.hooksPath", ".githooks");
});
after(() => rm(folder, { recursive: true, force: true }));

test("the hook lets a harmless push through, and stops one that brings what will fail", async () => {
  await writeFile(join(repository, "README.md"), "# App\n");
  await git("add", "README.md");
  await git("commit", "--quiet", "-m", "Say what it is");
  await git("push", "--quiet");
  await writeFile(
    join(repository, "compose.yml"),
    "services:\n  db:\n    image: postgres:17\n    environment: { POSTGRES_PASSWORD: postgres }\n    ports: ['5432:5432']\n",
  );
  await git("add", "compose.yml");
  await git("commit", "--quiet", "-m", "Add a database");
  await assert.rejects(git("push", "--quiet"), ({ stdout, stderr }: { stdout: string; stderr: string }) =>
    /compose\.yml/.test(stdout + stderr),
  );
  const there = await run("git", ["--git-dir", join(folder, "remote.git"), "log", "--format=%s", "-1", "main"], { env });
  assert.equal(there.stdout.trim(), "Say what it is");
});

// The package is not published yet, so what `npx aplomo@VERSION` would fetch is the one under test.
test("the action's script writes SARIF, annotates what a change brings, and fails by it", async () => {
  const action = parse(await readFile(join(integrations, "action.yml"), "utf8")) as { runs: { steps: { run: string }[] } };
  const bin = join(folder, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "npx"), `#!/bin/sh\nshift 2\nexec ${join(repository, "node_modules/.bin/aplomo")} "$@"\n`);
  await chmod(join(bin, "npx"), 0o755);
  const inputs = { APP: ".", SEVERITY: "warning", SARIF: "audit.sarif", VERSION: "latest", BASE: "main" };
  const script = action.runs.steps[0]?.run ?? "";
  const failed = await run("bash", ["-c", script], { cwd: repository, env: { ...env, ...inputs, PATH: `${bin}:${env["PATH"]}` } }).then(
    () => undefined,
    (error: unknown) => error as { code: number; stdout: string },
  );
  assert.equal(failed?.code, 1);
  assert.match(failed?.stdout ?? "", /^::(error|warning) file=compose\.yml/m);
  assert.doesNotMatch(failed?.stdout ?? "", /file=Dockerfile/, "it was there before the change");
  const sarif = JSON.parse(await readFile(join(repository, "audit.sarif"), "utf8")) as { version: string };
  assert.equal(sarif.version, "2.1.0");
});

test(
  "the action that deploys gives its key to an agent alone, which ends with it, and ends with deploy's own exit code",
  { skip: need(hasAgent, "no ssh-agent") },
  async () => {
    const action = parse(await readFile(join(integrations, "deploy/action.yml"), "utf8")) as { runs: { steps: { run: string }[] } };
    const place = join(folder, "deploys");
    const bin = join(place, "bin");
    await mkdir(join(place, "app"), { recursive: true });
    await mkdir(bin);
    // What it is called with, whether the agent has the key, and whether the environment does; the server cannot be had here.
    const shim = `#!/bin/sh\nshift 2\necho "$@" >>${place}/calls\nssh-add -l >>${place}/keys\n[ -z "$SSH_KEY" ] || echo leaked >>${place}/calls\n[ "$1" = report ] && echo "# d1" && exit 0\nexit $ENDS\n`;
    await writeFile(join(bin, "npx"), shim, { mode: 0o755 });
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(place, "key")]);
    const key = await readFile(join(place, "key"), "utf8");
    const inputs = {
      APP: "app",
      SSH_KEY: key,
      KNOWN_HOSTS: "shop.example ssh-ed25519 AAAA",
      ARGUMENTS: "--image\nweb=a@sha256:1 2",
      VERSION: "latest",
    };
    const summary = join(place, "summary.md");
    const script = action.runs.steps[0]?.run ?? "";
    const ended = (ends: string): Promise<number> =>
      run("bash", ["-c", script], {
        cwd: place,
        env: { ...env, ...inputs, HOME: place, TMPDIR: place, ENDS: ends, GITHUB_STEP_SUMMARY: summary, PATH: `${bin}:${env["PATH"]}` },
      }).then(
        () => 0,
        (error: unknown) => (error as { code: number }).code,
      );
    assert.deepEqual([await ended("0"), await ended("1")], [0, 1]);
    assert.equal(await readFile(summary, "utf8"), "# d1\n# d1\n");
    assert.equal(await readFile(join(place, "calls"), "utf8"), "deploy --image web=a@sha256:1 2\nreport\n".repeat(2));
    assert.match(await readFile(join(place, "keys"), "utf8"), /^256 SHA256:.*ED25519/);
    assert.match(await readFile(join(place, ".ssh/known_hosts"), "utf8"), /^shop\.example /);
    assert.equal(await ended("2"), 2);
    assert.equal(await readFile(summary, "utf8"), "# d1\n# d1\n", "of a deploy that never began there is no report");
    assert.deepEqual(
      (await readdir(place)).filter((name) => name.startsWith("tmp.")),
      [],
    );
  },
);
