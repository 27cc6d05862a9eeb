import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { version } from "../../../src/base/version.ts";
import { exitCodes } from "../../../src/cli/exit-codes.ts";
import { root } from "../../support/root.ts";
import { aplomo, bin, type Ended } from "./aplomo.ts";
import { resident } from "./resident.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-cli-"));
  await writeFile(join(folder, "aplomo.yml"), "app: agenda\ntarget: { kind: pm2, script: server.js, port: 3000 }\n");
});
after(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]): Promise<Ended> => resident(args, folder);
const apart = (...args: string[]): Promise<Ended> => aplomo(args, folder);
const events = ({ stdout }: Ended): Record<string, unknown>[] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Every command there is, from the files that hold them. */
async function commands(): Promise<string[][]> {
  const files = await readdir(join(root, "packages/aplomo/src/cli/commands"));
  return files.map((file) => file.replace(".ts", "").split("-"));
}

/** `backup` and its like, which only hold others. */
function groupsOf(names: string[][]): string[] {
  return [...new Set(names.flatMap(([first = "", second]) => (second === undefined ? [] : [first])))];
}

it("--version says nothing but the version", async () => {
  for (const flag of ["--version", "-V"]) assert.deepEqual(await apart(flag), { code: 0, stdout: `${version}\n`, stderr: "" });
});

describe("help", () => {
  it("names every command", async () => {
    const [all, names] = [await run("--help"), await commands()];
    const inGroups = new Map<string, string>();
    for (const group of groupsOf(names)) inGroups.set(group, (await run(group, "--help")).stdout);
    for (const [first = "", second] of names) {
      assert.match(all.stdout, new RegExp(`^ {2}${first}\\b`, "m"));
      if (second !== undefined) assert.match(inGroups.get(first) ?? "", new RegExp(`^ {2}${second}\\b`, "m"));
    }
  });

  it("of every command lists examples of its own and how it can end", async () => {
    const names = await commands();
    const groups = groupsOf(names);
    const all = [...names, ...groups.map((group) => [group])];
    for (const words of all) {
      const [name, ended] = [words.join(" "), await run(...words, "--help")];
      assert.equal(ended.code, 0, name);
      assert.match(ended.stdout, new RegExp(`\\nExamples:\\n {2}aplomo ${name}`), name);
      const codes = ended.stdout.split("Exit codes:\n")[1]?.trimEnd().split("\n") ?? [];
      assert.ok(codes.length >= 2, name);
      for (const line of codes) {
        const [, code = "", meaning] = /^ {2}(\d+)\s+(.+)$/.exec(line) ?? [];
        assert.equal(meaning, exitCodes[Number(code)], name);
      }
      if (!groups.includes(name)) assert.match(ended.stdout, /--json/, name);
    }
  });
});

describe("exit code 2", () => {
  const cases: [name: string, args: string[], says: RegExp][] = [
    ["an unknown option", ["status", "--verbos"], /unknown option '--verbos'/],
    ["an unknown option that is near one", ["deploy", "--migrat"], /Did you mean --migrate\?/],
    ["an unknown command that is near one", ["deplyo"], /unknown command 'deplyo'\n\(Did you mean deploy\?\)/],
    ["an unknown command of backup", ["backup", "lst"], /Did you mean list\?/],
    ["an argument too many", ["status", "now"], /too many arguments/],
    ["an argument that is missing", ["backup", "show"], /missing required argument 'backup'/],
    ["no command", [], /Usage: aplomo/],
  ];
  for (const [name, args, says] of cases)
    it(name, async () => {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 2);
      assert.match(stderr, says);
      assert.equal(stdout, "");
    });

  it("is also a process's own, and help is all said when it ends", async () => {
    const [wrong, help, inside] = [await apart("status", "--verbos"), await apart("deploy", "--help"), await run("deploy", "--help")];
    assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
    assert.match(wrong.stderr, /unknown option '--verbos'/);
    assert.deepEqual(help, inside);
  });

  it("no aplomo.yml: the place, and the next act", async () => {
    const { code, stdout, stderr } = await run("status", "--config", "absent.yml");
    assert.equal(code, 2);
    assert.match(stdout, /absent\.yml:1:1: .*aplomo init/);
    assert.equal(stderr, "");
  });

  const values: [args: string[], says: RegExp][] = [
    [["history", "--limit", "0"], /could not take --limit 0: it is not a whole number above 0/],
    [["recover", "--data", "burn"], /could not take --data burn\n.*keep: .*restore: /],
    [["report", "d9"], /there is no such deployment/],
    [["backup", "run"], /could not back up/],
  ];
  for (const [args, says] of values)
    it(`what is wrong with ${args.join(" ")}`, async () => {
      const { code, stdout } = await run(...args);
      assert.equal(code, 2);
      assert.match(stdout, says);
    });
});

describe("--json", () => {
  it("an error is an event too, wherever the option stands", async () => {
    for (const args of [
      ["--json", "status", "-c", "absent.yml"],
      ["status", "--json", "-c", "absent.yml"],
    ]) {
      const ended = await run(...args);
      const [error] = events(ended);
      assert.deepEqual([error?.["type"], error?.["exitCode"], ended.code], ["error", 2, 2]);
      assert.equal(Object.keys(error ?? {})[0], "at");
    }
  });

  it("a result is the data as it is", async () => {
    const ended = await apart("history", "--json");
    assert.deepEqual([ended.code, events(ended)[0]?.["data"]], [0, { deployments: [] }]);
  });
});

it("recover with nothing to recover is done", async () => {
  assert.deepEqual(await apart("recover"), { code: 0, stdout: "nothing to recover: the last deployment came to its end\n", stderr: "" });
});

it("check says what the environment lacks, and 1", async () => {
  const inside = join(folder, "check");
  await mkdir(inside);
  await writeFile(join(inside, ".env"), "A=1\n");
  await writeFile(join(inside, "aplomo.yml"), "app: a\ntarget: { kind: compose }\nenv: { file: .env, require: { A: {}, B: {} } }\n");
  const ended = await aplomo(["check"], inside);
  assert.equal(ended.code, 1);
  assert.match(ended.stdout, /✗ aplomo\.yml:3 B: is not set\n {2}Set B in \.env\n1 finding\n/);
});

it("init writes what check then reads, and replaces nothing unasked", async () => {
  const inside = join(folder, "init");
  await mkdir(inside);
  assert.deepEqual((await resident(["init"], inside)).code, 2);
  await writeFile(join(inside, "server.js"), "");
  const ended = await resident(["init"], inside);
  assert.equal(ended.code, 0);
  assert.match(ended.stdout, /✓ wrote aplomo.yml\n {2}server.js: PM2 starts server.js/);
  assert.equal((await resident(["check"], inside)).code, 0);
  const before = await readFile(join(inside, "aplomo.yml"), "utf8");
  const again = await resident(["init"], inside);
  assert.deepEqual([again.code, await readFile(join(inside, "aplomo.yml"), "utf8")], [2, before]);
  assert.match(again.stdout, /--force/);
  assert.equal((await resident(["init", "--force"], inside)).code, 0);
});

it("exit codes are those of docs/EXIT-CODES.md", async () => {
  const page = await readFile(join(root, "docs/EXIT-CODES.md"), "utf8");
  const documented = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  assert.deepEqual(documented, Object.keys(exitCodes).map(Number));
});

it("a reader that leaves ends nothing", async () => {
  const child = spawn("sh", ["-c", '"$0" "$1" history --json; echo "ended $?" >&2', process.execPath, bin], {
    cwd: folder,
    env: { ...process.env, APLOMO_HOME: join(folder, "home") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  await once(child, "close");
  assert.equal(said, "ended 0\n");
});
