// The package as npm hands it out: packed, installed into an empty application, imported and required, with its types, on each Node.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { root } from "../../../aplomo/test/support/root.ts";
import { nodes, runtime } from "../support/places.ts";

const run = promisify(execFile);
const tsc = join(root, "node_modules/typescript/bin/tsc");
let folder = "";
const home = (): string => join(folder, "node_modules/@aplomo/runtime");

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-package-"));
  await run(process.execPath, [tsc, "-p", runtime], { cwd: root });
  const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", folder, runtime], { cwd: folder });
  await writeFile(join(folder, "package.json"), "{}");
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", join(folder, stdout.trim())], { cwd: folder });
});
after(() => rm(folder, { recursive: true, force: true }));

test("it depends on nothing and holds what it needs, sources and tests left out", async () => {
  const { dependencies } = JSON.parse(await readFile(join(home(), "package.json"), "utf8")) as { dependencies?: object };
  assert.equal(dependencies, undefined);
  assert.deepEqual((await readdir(join(folder, "node_modules"))).toSorted(), [".bin", ".package-lock.json", "@aplomo"]);
  const files = await readdir(home());
  for (const name of ["bin", "dist", "docs", "README.md"]) assert.ok(files.includes(name), name);
  for (const name of ["src", "test", "bench"]) assert.ok(!files.includes(name), name);
});

const entries = ["@aplomo/runtime", "@aplomo/runtime/checks", "@aplomo/runtime/seed"];

for (const [version, node] of nodes) {
  test(`Node ${version}: import and require give the same, without a warning`, async () => {
    const script = `
      const assert = require("node:assert");
      ${JSON.stringify(entries)}.reduce((before, name) => before.then(async () => {
        const required = require(name), imported = await import(name);
        assert.deepEqual(Object.keys(required).sort(), Object.keys(imported).sort());
        for (const key of Object.keys(imported)) assert.equal(required[key], imported[key]);
      }), Promise.resolve()).then(() => console.log(typeof require("@aplomo/runtime").graceful));`;
    await writeFile(join(folder, "all.cjs"), script);
    const { stdout, stderr } = await run(node, ["all.cjs"], { cwd: folder });
    assert.equal(stdout, "function\n");
    assert.equal(stderr, "");
  });

  test(`Node ${version}: the preload, by --import and by --require`, async () => {
    await writeFile(
      join(folder, "server.cjs"),
      `require("http").createServer((q, r) => r.end()).listen(0, async function () {
      const { port } = this.address();
      console.log((await fetch("http://127.0.0.1:" + port + "/healthz")).status);
      process.kill(process.pid, "SIGTERM");
    });`,
    );
    for (const flag of ["--import", "--require"]) {
      const { stdout, stderr } = await run(node, [flag, "@aplomo/runtime/auto", "server.cjs"], { cwd: folder });
      assert.match(stdout, /^200\naplomo: draining: SIGTERM .*\naplomo: closed: SIGTERM \(exit=0\)\n$/);
      assert.equal(stderr, "");
    }
  });
}

test("its types stand without the types of any framework", async () => {
  await writeFile(
    join(folder, "use.ts"),
    `import { createServer } from "node:http";
     import { graceful, type Graceful } from "@aplomo/runtime";
     import { disk, postgres } from "@aplomo/runtime/checks";
     import { pg, seed } from "@aplomo/runtime/seed";
     const pool = { query: async (_: unknown) => ({ rows: [] as Record<string, unknown>[] }) };
     const app: Graceful = graceful(createServer(), { checks: { database: postgres(pool), disk: disk("/") }, health: { token: "x" } });
     app.onClose("database", () => undefined);
     void seed(pg(pool), async (ensure) => void (await ensure("users", { by: "email" }, { email: "a@b" })));
     // @ts-expect-error a duration is a number of milliseconds
     graceful(null, { drain: "500ms" });`,
  );
  const options = {
    compilerOptions: {
      strict: true,
      module: "nodenext",
      target: "es2023",
      noEmit: true,
      skipLibCheck: false,
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
    },
    files: ["use.ts"],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(options));
  await run(process.execPath, [tsc, "-p", folder]).catch((error: { stdout: string }) => assert.fail(error.stdout));
});

test("aplomo-boot is found where npm puts it", async () => {
  const { stdout } = await run(join(folder, "node_modules/.bin/aplomo-boot"), ["--help"], { cwd: folder });
  assert.match(stdout, /^aplomo-boot: does what must be done before a server/);
});
