// Every example of docs/examples, run as its reader would: a request under way at the signal is answered, the end is clean.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { need } from "../../../aplomo/test/support/need.ts";
import { makeFolder } from "../support/launcher.ts";
import { bench, compiled, runtime } from "../support/places.ts";
import { freePort, listening, type Program, start, until } from "../support/server.ts";

const skip = need(bench !== undefined, "packages/runtime/test/install.sh was not run");
const examples = join(runtime, "docs/examples");
/** The package that the example imports, and what its own closing says. */
const frameworks: Record<string, { also?: RegExp }> = {
  http: {},
  express: {},
  fastify: { also: /plugins closed/ },
  hono: {},
  koa: {},
  nest: { also: /modules closed/ },
  cluster: {},
};

async function endWell(program: Program, port: number): Promise<void> {
  const base = `http://127.0.0.1:${port}`;
  await listening(port, program);
  await until("readiness", () => fetch(`${base}/readyz`).then(({ ok }) => ok), program.said);
  assert.equal((await fetch(`${base}/healthz?probe`)).status, 200);
  const status = (await (await fetch(`${base}/status`)).json()) as { status: string };
  assert.equal(status.status, "healthy");
  assert.equal((await fetch(`${base}/no-such-page`)).headers.get("connection"), "keep-alive");
  const report = fetch(`${base}/report`);
  await new Promise((resolve) => setTimeout(resolve, 150));
  program.child.kill("SIGTERM");
  const answer = await report;
  assert.equal(answer.headers.get("connection"), "close", program.said());
  assert.equal(await answer.text(), "hello\n");
  assert.equal(await program.ended, "exit 0", program.said());
}

for (const [name, { also }] of Object.entries(frameworks)) {
  test(`${name}: a request under way is answered and the end is clean`, { skip }, async (t: TestContext) => {
    const folder = await makeFolder(t.after.bind(t));
    // Each package of the bench, beside ours.
    for (const entry of await readdir(join(bench ?? "", "node_modules"))) {
      if (!entry.startsWith(".")) await symlink(join(bench ?? "", "node_modules", entry), join(folder.path, "node_modules", entry));
    }
    await cp(join(examples, `${name}.mjs`), join(folder.path, "server.mjs"));
    const port = await freePort();
    const env = { PORT: String(port), NODE_ENV: "production" };
    const program = start([process.execPath, "server.mjs"], { cwd: folder.path, env, after: t.after.bind(t) });
    await endWell(program, port);
    if (also) assert.match(program.said(), also);
  });
}

test("Next.js, standalone, unchanged, through the preload", { skip, timeout: 600_000 }, async (t) => {
  const base = bench ?? "";
  const folder = join(base, ".cache", `next-${process.pid}`);
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp(join(examples, "next"), folder, { recursive: true });
  // Next would write the programs of other machines into the lock file it was installed by.
  const quiet = { NEXT_TELEMETRY_DISABLED: "1", NEXT_IGNORE_INCORRECT_LOCKFILE: "1" };
  const env = { ...process.env, ...quiet, NODE_ENV: "production" } as NodeJS.ProcessEnv;
  await promisify(execFile)(process.execPath, [join(base, "node_modules/next/dist/bin/next"), "build"], { cwd: folder, env });
  const standalone = join(folder, ".next/standalone");
  const found = (await readdir(standalone, { recursive: true })).find(
    (path) => /(^|\/)server\.js$/.test(path) && !path.includes("node_modules"),
  );
  assert.ok(found, "next build made a server.js");
  assert.match(await readFile(join(standalone, found), "utf8"), /startServer/);
  const port = await freePort();
  const argv = [process.execPath, "--import", join(compiled, "auto.js"), join(standalone, found)];
  const program = start(argv, { env: { PORT: String(port), HOSTNAME: "127.0.0.1", NODE_ENV: "production" }, after: t.after.bind(t) });
  await endWell(program, port);
});
