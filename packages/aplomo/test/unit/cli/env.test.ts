import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { bin, type Ended } from "./aplomo.ts";
import { resident } from "./resident.ts";

const [one, two] = ["8f14e45fceea167a5a36dedd4bea2543", "c9f0f895fb98ab9159f51fd0297e236d"];
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-env-"));
  await writeFile(
    join(folder, "aplomo.yml"),
    "app: agenda\ntarget: { kind: pm2, script: server.js, port: 3000 }\nenv:\n  file: .env\n  require:\n    TOKEN: { secret: true, min_length: 32 }\n",
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<Ended> {
  const ended = await resident(args, folder);
  assert.doesNotMatch(ended.stdout + ended.stderr, new RegExp(`${one}|${two}|changeme|\\n +at `), "a value, or a stack trace");
  return ended;
}

const env = (): Promise<string> => readFile(join(folder, ".env"), "utf8");

describe("env push", () => {
  it("puts a checked file in place for its owner alone, keeps the former one, and takes it back", async () => {
    await writeFile(join(folder, "one.env"), `TOKEN=${one}\nOLD=1\n`);
    await writeFile(join(folder, "two.env"), `TOKEN=${two}\nNEW=1\n`);
    const first = await run("env", "push", "one.env", "--json");
    assert.equal(first.code, 0, first.stdout);
    assert.equal((await stat(join(folder, ".env"))).mode & 0o777, 0o600);
    const second = await run("env", "push", "two.env");
    assert.match(second.stdout, /added: NEW\n {2}changed: TOKEN\n {2}removed: OLD\n {2}the former one is kept: .*\.env\n/);
    assert.match(await env(), /NEW=1/);
    const kept = /kept: (.*)\n/.exec(second.stdout)?.[1] ?? "";
    assert.equal((await stat(kept)).mode & 0o777, 0o600);
    assert.match((await run("env", "push", "two.env")).stdout, /is the same already/);
    assert.equal((await run("env", "push", "--undo")).code, 0);
    assert.match(await env(), /OLD=1/);
    assert.equal((await run("env", "push", "--undo")).code, 0);
    assert.match(await env(), /NEW=1/);
    assert.deepEqual((await readdir(folder)).sort(), [".env", "aplomo.yml", "home", "one.env", "two.env"]);
  });

  it("takes it from standard input, and replaces what a link leads to", async () => {
    await writeFile(join(folder, "real.env"), "TOKEN=x\n");
    await symlink("real.env", join(folder, ".env"));
    const input = `TOKEN=${one}\n`;
    const options = { cwd: folder, env: { ...process.env, APLOMO_HOME: join(folder, "home") }, input };
    assert.equal(spawnSync(process.execPath, [bin, "env", "push", "-"], options).status, 0);
    assert.equal(await readFile(join(folder, "real.env"), "utf8"), input);
    assert.equal(await env(), input);
  });

  it("refuses a file that breaks the contract or cannot be read, with its places, and changes nothing", async () => {
    await writeFile(join(folder, ".env"), `TOKEN=${one}\n`);
    await writeFile(join(folder, "weak.env"), "\nTOKEN=changeme\n");
    await writeFile(join(folder, "torn.env"), 'A=1\nTOKEN="torn\n');
    const weak = await run("env", "push", "weak.env");
    assert.deepEqual(
      [weak.code, /weak\.env:2: TOKEN: has 8 characters, fewer than 32 \(min_length\)/.test(weak.stdout)],
      [2, true],
      weak.stdout,
    );
    const torn = await run("env", "push", "torn.env");
    assert.deepEqual([torn.code, /torn\.env:2:7: TOKEN has a "/.test(torn.stdout)], [2, true], torn.stdout);
    for (const args of [["absent.env"], [], ["weak.env", "--undo"], ["--undo"]]) assert.equal((await run("env", "push", ...args)).code, 2);
    assert.equal(await env(), `TOKEN=${one}\n`);
    await assert.rejects(readdir(join(folder, "home", "apps", "agenda", "environments")));
  });
});

it("env check and plan name file, line, variable and rule; to diff there must be a release", async () => {
  await writeFile(join(folder, ".env"), "\nTOKEN=changeme\n");
  const check = await run("env", "check", "--json");
  assert.equal(check.code, 1);
  const { data } = JSON.parse(check.stdout) as { data: { findings: Record<string, unknown>[] } };
  assert.deepEqual(
    data.findings.map(({ file, line, variable, rule }) => [file, line, variable, rule]),
    [
      [".env", 2, "TOKEN", "min_length"],
      [".env", 2, "TOKEN", "secret"],
    ],
  );
  const plan = await run("plan");
  assert.deepEqual([plan.code, /\.env:2: TOKEN: .*\(min_length\)/.test(plan.stdout)], [2, true], plan.stdout);
  await writeFile(join(folder, ".env"), `TOKEN=${one}\n`);
  const diff = await run("env", "diff");
  assert.deepEqual([diff.code, /no release is in front yet/.test(diff.stdout)], [2, true], diff.stdout);
});
