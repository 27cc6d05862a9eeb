// Under what runs it: alone, as PID 1, under tini, under PM2.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { connect } from "node:http2";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { need } from "../../../aplomo/test/support/need.ts";
import { root } from "../../../aplomo/test/support/root.ts";
import { makeCertificate } from "../support/certificate.ts";
import { compiled, hasProgram } from "../support/places.ts";
import { freePort, listening, type Program, start, until } from "../support/server.ts";

const app = join(import.meta.dirname, "../fixtures/app.js");
const asRoot = need(process.getuid?.() === 0 && hasProgram("unshare"), "PID 1 needs root and unshare");

async function startApp(t: TestContext, before: string[], env: NodeJS.ProcessEnv = {}): Promise<{ program: Program; port: number }> {
  const port = await freePort();
  const program = start([...before, process.execPath, app], {
    env: { PORT: String(port), NODE_ENV: "production", ...env },
    after: t.after.bind(t),
  });
  await listening(port, program);
  return { program, port };
}

/** A slow request under way when the signal comes, and what became of both. */
async function endInFlight(port: number, send: () => unknown): Promise<string> {
  const slow = fetch(`http://127.0.0.1:${port}/slow`).then((response) => response.text());
  const status = (): Promise<{ inFlight?: number }> =>
    fetch(`http://127.0.0.1:${port}/status`, { headers: { authorization: "Bearer t" } }).then(
      (response) => response.json() as Promise<object>,
    );
  await until("the request", async () => (await status()).inFlight === 1);
  await send();
  return slow;
}

test("alone: health turns at the signal, hooks run in order, the exit is clean", async (t) => {
  const { program, port } = await startApp(t, [], { HOOKS: "1" });
  await until("readiness", () => fetch(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok));
  const answer = await endInFlight(port, async () => {
    program.child.kill("SIGTERM");
    await until("draining", async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).status === 503, program.said);
    const status = (await (await fetch(`http://127.0.0.1:${port}/status`)).json()) as { status: string };
    assert.equal(status.status, "draining");
  });
  assert.equal(answer, "slow");
  assert.equal(await program.ended, "exit 0");
  assert.match(
    program.said(),
    /draining: SIGTERM \(inFlight=1, deadline=8000 ms\)\nworkers told\nqueue closed\ndatabase closed\naplomo: closed: SIGTERM \(exit=0\)/,
  );
});

test("an event stream is ended, not cut", async (t) => {
  const { program, port } = await startApp(t, []);
  const ended = new Promise<string>((resolve, reject) => {
    get({ host: "127.0.0.1", port, path: "/events", headers: { accept: "text/event-stream" } }, (response) => {
      response.once("data", () => program.child.kill("SIGTERM"));
      response.once("end", () => resolve("ended"));
      response.once("error", reject);
    });
  });
  assert.equal(await ended, "ended");
  assert.equal(await program.ended, "exit 0");
});

for (const kind of ["https", "http2"] as const) {
  test(
    `${kind}: a request under way is answered, its connection goes, the exit is clean`,
    { skip: need(hasProgram("openssl"), "no openssl") },
    async (t) => {
      const { folder, key, cert } = makeCertificate();
      t.after(() => rm(folder, { recursive: true, force: true }));
      const port = await freePort();
      const env = { KIND: kind, PORT: String(port), KEY: key, CERT: cert, NODE_ENV: "production" };
      const program = start([process.execPath, join(import.meta.dirname, "../fixtures/secure.js")], { env, after: t.after.bind(t) });
      await until("the server", () => program.said().includes("listening"), program.said);
      const answer = kind === "https" ? getSecure(port) : getHttp2(port);
      await new Promise((resolve) => setTimeout(resolve, 200));
      program.child.kill("SIGTERM");
      assert.equal(await answer, kind === "https" ? "slow close" : "slow");
      assert.equal(await program.ended, "exit 0", program.said());
    },
  );
}

function getSecure(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
    request({ host: "127.0.0.1", port, path: "/slow", agent }, (response) => {
      response.once("data", (text) => resolve(`${String(text)} ${response.headers.connection}`));
    })
      .on("error", reject)
      .end();
  });
}

/** The session stays open on this side: the server must say good-bye. */
function getHttp2(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false }).on("error", reject);
    session
      .request({ ":path": "/slow" })
      .on("error", reject)
      .once("data", (text) => resolve(String(text)));
  });
}

test("a signal more than a second after the first forces the exit", async (t) => {
  const { program, port } = await startApp(t, []);
  get({ host: "127.0.0.1", port, path: "/hang" }).on("error", () => undefined);
  const { child } = program;
  child.kill("SIGTERM");
  child.kill("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  child.kill("SIGINT");
  assert.equal(await program.ended, "exit 130");
});

for (const [name, before, skip] of [
  ["as PID 1", ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"], asRoot],
  [
    "under tini as PID 1",
    ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "tini", "--"],
    asRoot || need(hasProgram("tini"), "no tini"),
  ],
] as const) {
  test(`${name}: a signal is answered as anywhere`, { skip }, async (t) => {
    const { program, port } = await startApp(t, [...before]);
    const answer = await endInFlight(port, async () => {
      // To PID 1 of the namespace, as `docker stop` does; it is unshare's only child.
      const { stdout } = await promisify(execFile)("ps", ["-o", "pid=", "--ppid", String(program.child.pid)]);
      process.kill(Number(stdout.trim()), "SIGTERM");
    });
    assert.equal(answer, "slow");
    assert.equal(await program.ended, "exit 0", program.said());
  });
}

test("as PID 1, dead children of others are reported, because Node cannot reap them", { skip: asRoot }, async (t) => {
  const port = await freePort();
  const code = `const { watchZombies } = await import(${JSON.stringify(join(compiled, "graceful/zombies.js"))});
    watchZombies((level, message, { dead }) => console.log(level, dead, message), 100);
    (await import("node:child_process")).spawn("sh", ["-c", "sleep 0.1 & exit"]);
    setInterval(() => undefined, 1_000);`;
  const argv = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", process.execPath, "--input-type=module", "--eval", code];
  const program = start(argv, { env: { PORT: String(port) }, after: t.after.bind(t) });
  await until("the warning", () => /warn 1 dead processes pile up.*init: true/.test(program.said()), program.said);
});

test("PM2: ready is waited for, a stop is clean, and a kill time that is too short is said", async (t) => {
  const home = await mkdtemp(join(tmpdir(), "aplomo-pm2-"));
  const run = promisify(execFile);
  const env = { ...process.env, PM2_HOME: home };
  const pm2 = async (...args: string[]): Promise<string> => (await run(join(root, "node_modules/.bin/pm2"), args, { env })).stdout;
  t.after(async () => {
    await pm2("kill").catch(() => undefined);
    await rm(home, { recursive: true, force: true });
  });
  const port = await freePort();
  const log = join(home, "app.log");
  const settings = { name: "app", script: app, wait_ready: true, listen_timeout: 20_000, out_file: log, error_file: log, merge_logs: true };
  await writeFile(
    join(home, "app.config.cjs"),
    `module.exports = ${JSON.stringify({ apps: [{ ...settings, env: { PORT: String(port), NODE_ENV: "production", HOOKS: "1" } }] })};`,
  );
  await pm2("start", join(home, "app.config.cjs"));
  // `start` returned because of `ready`: so the server listens already.
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
  assert.equal((await fetch(`http://127.0.0.1:${port}/readyz`)).status, 200);
  await pm2("stop", "app");
  const { stdout: said } = await run("cat", [log]);
  assert.match(said, /warn: PM2's kill_timeout kills after 1600 ms, before the deadline of 8000 ms/);
  assert.match(said, /draining: SIGINT[^]*database closed[^]*closed: SIGINT \(exit=0\)/);
});
