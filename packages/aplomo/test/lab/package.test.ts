// The package as npm hands it out: built, packed, installed into an empty folder, and used there.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { version } from "../../src/base/version.ts";
import { root } from "../support/root.ts";

const run = promisify(execFile);
const source = join(root, "packages/aplomo");
let folder = "";
let packed: string[] = [];
const home = (): string => join(folder, "node_modules/aplomo");

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-package-"));
  // A copy, so that a build that others use stays as it is.
  const copy = join(folder, "source");
  await cp(source, copy, { recursive: true, filter: (path) => !/\/(src|test|dist)$/.test(path) });
  await run(process.execPath, [join(root, "script/build.mjs"), join(copy, "dist")], { cwd: root });
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder, copy], { cwd: folder });
  const [made] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  packed = (made?.files ?? []).map(({ path }) => path);
  await rm(copy, { recursive: true });
  await writeFile(join(folder, "package.json"), "{}");
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--omit=optional", join(folder, made?.filename ?? "")], {
    cwd: folder,
  });
});
after(() => rm(folder, { recursive: true, force: true }));

test("it holds the program, its manual, schema, integrations, README and licence, and no sources", () => {
  for (const name of [
    "dist/aplomo.js",
    "dist/aplomo.1",
    "aplomo.schema.json",
    "integrations/action.yml",
    "integrations/deploy/action.yml",
    "README.md",
    "LICENSE",
  ])
    assert.ok(packed.includes(name), `${name} is not in ${packed.join(", ")}`);
  assert.deepEqual(
    packed.filter((name) => /^(src|test)\/|\.ts$/.test(name)),
    [],
  );
});

test("it says its version and helps where npm puts it, and deploys nothing without a file", async () => {
  const bin = join(folder, "node_modules/.bin/aplomo");
  assert.equal((await run(bin, ["--version"], { cwd: folder })).stdout, `${version}\n`);
  assert.match(
    (await run(bin, ["--help"], { cwd: folder, env: { ...process.env, LANG: "C" } })).stdout,
    /backup[^]*deploy[^]*doctor|deploy[^]*doctor[^]*backup/,
  );
  const failed = await run(bin, ["check"], { cwd: folder }).then(
    () => undefined,
    (error: unknown) => error as { code: number },
  );
  assert.equal(failed?.code, 2);
});

test("it makes an aplomo.yml of what a folder holds, checks it, and speaks Spanish", async () => {
  await writeFile(join(folder, "ecosystem.config.js"), 'module.exports = { apps: [{ name: "hub", script: "server.js" }] };\n');
  await writeFile(join(folder, "server.js"), 'require("node:http").createServer((q, s) => s.end()).listen(process.env.PORT);\n');
  const bin = join(folder, "node_modules/.bin/aplomo");
  const env = { ...process.env, APLOMO_HOME: join(folder, "home"), LANG: "es_ES.UTF-8", LC_ALL: "" };
  assert.match((await run(bin, ["init"], { cwd: folder, env })).stdout, /escrito .*aplomo\.yml/);
  assert.match(await readFile(join(folder, "aplomo.yml"), "utf8"), /kind: pm2/);
  assert.match((await run(bin, ["check"], { cwd: folder, env })).stdout, /está bien/);
});

test("npm finds the manual page and the one program", async () => {
  const its = JSON.parse(await readFile(join(home(), "package.json"), "utf8")) as { man: string; bin: object; publishConfig: object };
  assert.ok((await readdir(join(home(), "dist"))).includes("aplomo.1"));
  assert.deepEqual(
    [its.man, its.bin, its.publishConfig],
    ["dist/aplomo.1", { aplomo: "dist/aplomo.js" }, { access: "public", provenance: true }],
  );
});
