// What the tests stand on: real processes of the app, real databases, and everything gone afterwards.
import { execFileSync, fork, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { assemble } from "../assemble.mjs";

export const here = fileURLToPath(new URL("..", import.meta.url));

/** A folder that is removed after the test. @param {import("node:test").TestContext} t */
export function folder(t) {
  const path = mkdtempSync(join(tmpdir(), "agenda-test-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The app in one of its versions, in a folder of its own. @param {import("node:test").TestContext} t @param {string} name */
export function version(t, name) {
  const path = folder(t);
  assemble(name, path);
  symlinkSync(join(here, "node_modules"), join(path, "node_modules"));
  return path;
}

/**
 * Runs one of the app's commands to its end.
 * @param {string} app @param {string} script @param {Record<string, string>} env @param {string[]} [args]
 * @returns {Promise<{ code: number | null, signal: string | null, output: string }>}
 */
export function run(app, script, env, args = []) {
  const child = spawn(process.execPath, [script, ...args], { cwd: app, env: { PATH: process.env.PATH, ...env } });
  return ended(child);
}

/** @param {import("node:child_process").ChildProcess} child */
function ended(child) {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
  return new Promise((resolve) => void child.once("close", (code, signal) => resolve({ code, signal, output })));
}

/**
 * Migrates and seeds, and fails loudly when either does.
 * @param {string} app @param {Record<string, string>} env @param {string[]} [seedArgs]
 */
export async function prepare(app, env, seedArgs = []) {
  for (const [script, args] of /** @type {[string, string[]][]} */ ([
    ["migrate.js", []],
    ["seed.js", seedArgs],
  ])) {
    const { code, output } = await run(app, script, env, args);
    if (code !== 0) throw new Error(`${script} ended with ${code}: ${output}`);
  }
}

/**
 * Starts the server and waits for its word "ready" (or, with `ready: false`, until it listens).
 * @param {import("node:test").TestContext} t @param {string} app @param {Record<string, string>} env @param {{ ready?: boolean }} [options]
 */
export async function serve(t, app, env, { ready = true } = {}) {
  const child = fork("server.js", {
    cwd: app,
    env: { PATH: process.env.PATH, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  t.after(() => child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
  let word = "";
  child.once("message", (message) => (word = /** @type {string} */ (message)));
  /** @type {Promise<{ code: number | null, signal: string | null }>} */
  const exit = new Promise((resolve) => void child.once("exit", (code, signal) => resolve({ code, signal })));
  await until(`the server is ${ready ? "ready" : "listening"}; it said: ${output}`, () => {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}: ${output}`);
    return ready ? word === "ready" : /listens on/.test(output);
  });
  const [url] = /http:\/\/[\d.:]+/.exec(output) ?? [""];
  return { child, url, exit, output: () => output, stop: () => (child.kill("SIGTERM"), exit) };
}

/** Polls a condition for up to 20 seconds. @param {string} what @param {() => unknown} condition */
export async function until(what, condition) {
  const giveUp = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > giveUp) throw new Error(`not within 20 s: ${what}`);
    await sleep(20);
  }
}

/** @param {string} url @param {string} path @param {unknown} body */
export async function post(url, path, body) {
  const response = await fetch(url + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

/** @param {string} url @param {string} path */
export async function get(url, path) {
  const response = await fetch(url + path);
  return { status: response.status, body: await response.json() };
}

/** @param {Partial<Record<string, unknown>>} [more] */
export function booking(more) {
  return { practitionerId: 1, day: "2030-01-15", time: "09:00", patient: { name: "Ann Lee", phone: "555 0100" }, reason: "Test", ...more };
}

/** PostgreSQL's programs on this machine, the newest first; empty when there are none. */
export function postgresPrograms() {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return "";
  const bins = readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .map((major) => join(root, major, "bin"));
  return bins.find((bin) => existsSync(join(bin, "initdb"))) ?? "";
}

/** A server of its own on a free port, that anyone on this machine may enter. */
export async function startPostgres() {
  const bin = postgresPrograms();
  const data = mkdtempSync(join(tmpdir(), "agenda-postgres-"));
  // The server refuses to run as root.
  const id = (/** @type {string} */ flag) => Number(execFileSync("id", [flag, "postgres"]));
  const as = process.getuid?.() === 0 ? { uid: id("-u"), gid: id("-g") } : {};
  if (as.uid !== undefined) chownSync(data, as.uid, as.gid);
  execFileSync(join(bin, "initdb"), ["-D", join(data, "db"), "-U", "agenda", "-A", "trust", "-N", "-E", "UTF8", "--locale", "C"], {
    ...as,
    cwd: data,
    stdio: "pipe",
  });
  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${data}`, "fsync=off", "shared_buffers=16MB"];
  const child = spawn(join(bin, "postgres"), ["-D", join(data, "db"), "-p", String(port), ...settings.flatMap((one) => ["-c", one])], {
    ...as,
    cwd: data,
    stdio: "pipe",
  });
  let output = "";
  child.stderr.on("data", (chunk) => (output += chunk));
  const exit = new Promise((resolve) => void child.once("exit", resolve));
  await until("PostgreSQL accepts connections", () => {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended: ${output}`);
    return output.includes("ready to accept connections");
  });
  return {
    url: (/** @type {string} */ name) => `postgres://agenda@127.0.0.1:${port}/${name}`,
    async stop() {
      // SIGINT: sessions are ended, the server shuts down.
      child.kill("SIGINT");
      await exit;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}
