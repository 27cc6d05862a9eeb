import assert from "node:assert/strict";
import { once } from "node:events";
import { spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { request as ask, type IncomingHttpHeaders, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { text } from "node:stream/consumers";
import { openLaptop } from "../../../src/agent/door/laptop.ts";
import { Live } from "../../../src/agent/door/live.ts";
import { openPublic, openSocket } from "../../../src/agent/door/open.ts";
import { makeToken } from "../../../src/agent/door/tokens.ts";
import { Timekeeper } from "../../../src/agent/keep-time.ts";
import { agentPaths, watchPaths } from "../../../src/agent/paths.ts";
import { claimRun, endRun, listRuns } from "../../../src/agent/runs.ts";
import type { Context } from "../../../src/host/context.ts";
import { local } from "../../../src/host/local.ts";
import { fillHome, hostile } from "../../support/agent-home.ts";
import { fillShowpiece } from "../../support/agent-park.ts";

const now = new Date();
const showpiece = "a-name-as-long-as-a-name-may-ever-be-her";
let home = "";
let doors: { socket: Server; public: Server; strict: Server };
const tokens = { read: "", operate: "" };
const begun: string[][] = [];

before(async () => {
  home = await mkdtemp(join(tmpdir(), "aplomo-door-"));
  await fillHome(home, "agenda", now);
  // One with a long name, and with everything there is to be seen.
  await fillShowpiece(home, showpiece, now);
  const paths = agentPaths(home);
  tokens.read = (await makeToken(paths, { who: "ana", role: "read" })).reveal();
  tokens.operate = (await makeToken(paths, { who: "leo", role: "operate" })).reveal();
  const ctx: Context = { host: local, emit: () => {}, signal: new AbortController().signal, home, now: () => now };
  // What is begun is seen, and ends at once.
  const timekeeper = new Timekeeper(ctx, async (_app, run) => {
    begun.push(run.argv);
    await claimRun(run.folder, now);
    await endRun(run.folder, 0, now);
  });
  const its = { ctx, timekeeper, live: new Live(home) };
  doors = {
    socket: await openSocket(its),
    public: await openPublic(its, { host: "127.0.0.1", port: 0 }),
    strict: await openPublic(its, { host: "0.0.0.0", port: 0 }),
  };
});
after(async () => {
  for (const server of Object.values(doors)) {
    server.close();
    server.closeAllConnections();
  }
  await rm(home, { recursive: true, force: true });
});

interface Got {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

async function get(
  path: string,
  options: { door?: Server; method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Got> {
  const { door = doors.public, method = "GET", headers = {}, body } = options;
  const address = door.address() as AddressInfo | string;
  const where = typeof address === "string" ? { socketPath: address } : { host: "127.0.0.1", port: address.port };
  const request = ask({ ...where, path, method, headers, agent: false });
  request.end(body);
  const [response] = (await once(request, "response")) as [import("node:http").IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const bearer = (token: string): { headers: Record<string, string> } => ({ headers: { authorization: `Bearer ${token}` } });
const host = (): string => `127.0.0.1:${(doors.public.address() as AddressInfo).port}`;
const pages = [
  "/",
  "/apps/agenda",
  "/apps/agenda/deployments",
  "/apps/agenda/deployments/d2",
  "/apps/agenda/backups",
  "/apps/agenda/data",
  "/apps/agenda/incidents",
  "/apps/agenda/compare?from=r1&to=r2",
  "/apps/agenda/trends",
  "/apps/agenda/doctor",
  ...["", "/deployments", "/deployments/d23", "/rehearsals/d24", "/backups", "/backups?from=30", "/data", "/trends?days=31"].map(
    (path) => `/apps/${showpiece}${path}`,
  ),
  ...["/doctor", "/incidents", "/compare?from=r22&to=r24"].map((path) => `/apps/${showpiece}${path}`),
];

describe("the socket", () => {
  it("is its owner's alone, and so is the folder it is in", async () => {
    const { root, socket } = agentPaths(home);
    assert.deepEqual([(await stat(root)).mode & 0o777, (await stat(socket)).mode & 0o777], [0o700, 0o600]);
  });

  it("needs no token", async () => assert.equal((await get("/", { door: doors.socket })).status, 200));
});

describe("every page", () => {
  for (const path of [...pages, "/apps/agenda/act/backup", "/apps/agenda/act/rollback", "/apps/agenda/act/rollback?release=r1"])
    it(`${path} is whole, asks for nothing elsewhere, and takes no text for markup`, async () => {
      const { status, headers, body } = await get(path, bearer(tokens.operate));
      assert.equal(status, 200, body);
      assert.match(String(headers["content-security-policy"]), /default-src 'none'.*frame-ancestors 'none'/);
      assert.deepEqual([headers["x-content-type-options"], headers["cache-control"]], ["nosniff", "no-store"]);
      assert.match(body, /^<!doctype html><html lang="en">/);
      assert.match(body, /<main id="main".*<h1>[^<]+<\/h1>/s);
      assert.doesNotMatch(body, /<script(?! src="\/script\.js")|onerror=alert\(1\)>|\sstyle=|\son\w+="|(src|href)="(https?:)?\/\//);
    });

  it("a log with markup in it is shown as it is", async () => {
    const { body } = await get("/apps/agenda/deployments/d2", bearer(tokens.read));
    assert.ok(body.includes(hostile.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)));
  });
});

describe("who comes in", () => {
  it("nobody without a token, or with a wrong one; a person is asked for it", async () => {
    const without = await get("/");
    assert.equal(without.status, 401);
    assert.match(without.body, /<input type="password" name="token"/);
    assert.equal((await get("/apps/agenda")).status, 401);
    assert.equal((await get("/", bearer("wrong"))).status, 401);
  });

  it("a token in an address becomes a cookie, and leaves the address", async () => {
    const { status, headers } = await get(`/?token=${tokens.read}`);
    assert.deepEqual([status, headers.location], [303, "/"]);
    const cookie = headers["set-cookie"]?.[0] ?? "";
    assert.match(cookie, /; HttpOnly; SameSite=Strict$/);
    assert.equal((await get("/", { headers: { cookie: cookie.split(";")[0] ?? "" } })).status, 200);
  });

  it("at an address that is not this machine's alone, only over TLS", async () => {
    const options = bearer(tokens.read);
    assert.equal((await get("/", { door: doors.strict, ...options })).status, 403);
    const forwarded = { door: doors.strict, headers: { ...options.headers, "x-forwarded-proto": "https" } };
    assert.equal((await get("/", forwarded)).status, 200);
    assert.match(
      (await get(`/?token=${tokens.read}`, { ...forwarded, headers: { "x-forwarded-proto": "https" } })).headers["set-cookie"]?.[0] ?? "",
      /; Secure$/,
    );
  });

  it("what is kept of a token does not let anybody in", async () => {
    const kept = await readFile(join(agentPaths(home).root, "tokens.json"), "utf8");
    assert.ok(!kept.includes(tokens.read) && !kept.includes(tokens.operate));
  });
});

describe("what is not there", () => {
  const paths = [
    "/apps/other",
    "/apps/..%2f..%2fetc",
    "/apps/agenda/deployments/..%2f..%2fx",
    "/apps/agenda/runs/../../look.json",
    "/apps/agenda/deployments/d9",
    "/apps/agenda/compare?from=../../r1&to=r2",
    "/apps/agenda/rehearsals/d1",
    `/apps/${showpiece}/rehearsals/..%2fd24`,
    "/style.css/x",
    "/../../etc/passwd",
  ];
  for (const path of paths) it(path, async () => assert.equal((await get(path, bearer(tokens.operate))).status, 404));
});

describe("having something done", () => {
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const act = (headers: Record<string, string>, path = "/apps/agenda/act/backup", body = ""): Promise<Got> =>
    get(path, { method: "POST", headers: { ...form, ...headers }, body });
  const cookie = (token: string): Record<string, string> => ({ cookie: `aplomo=${token}` });

  it("is refused to who may only read, and to a page elsewhere; both are in the audit log", async () => {
    const origin = `http://${host()}`;
    const refused = [
      await act({ ...cookie(tokens.read), origin }),
      await act({ ...cookie(tokens.operate), origin: "https://evil.example" }),
      await act(cookie(tokens.operate)),
      await act({ ...bearer(tokens.operate).headers, origin: "null" }),
      await act({}),
    ];
    assert.deepEqual(
      refused.map(({ status }) => status),
      [403, 403, 403, 403, 401],
    );
    assert.deepEqual(begun, []);
    assert.equal((await get("/apps/agenda/act/backup", bearer(tokens.read))).status, 404);
  });

  it("begins one run, and says who asked for it", async () => {
    const { status, headers } = await act({ ...cookie(tokens.operate), origin: `http://${host()}` });
    assert.equal(status, 303);
    assert.deepEqual(begun, [["backup", "run", "--manual", "--wait", "10m"]]);
    const runs = await listRuns(watchPaths(agentPaths(home), "agenda").runs);
    const [run] = runs;
    assert.equal(headers.location, `/apps/agenda/runs/${run?.id}`);
    assert.equal((await get(headers.location ?? "", bearer(tokens.read))).status, 200);
    const lines = (await readFile(join(agentPaths(home).root, "audit.jsonl"), "utf8")).trim().split("\n");
    const audited = lines.map((line) => JSON.parse(line) as { who: string; act: string; run: string | null; refused: string | null });
    assert.deepEqual(
      audited.map(({ who, refused, run: its }) => [who, refused === null, its !== null]),
      [
        ["ana", false, false],
        ["leo", false, false],
        ["leo", true, false],
        ["leo", true, true],
      ],
    );
  });

  it("takes no release that is not there, and no words for a command line", async () => {
    const headers = bearer(tokens.operate).headers;
    for (const release of ["r9", "r1 --with-data", "--help", "../r1", ""])
      assert.equal((await act(headers, "/apps/agenda/act/rollback", new URLSearchParams({ release }).toString())).status, 404, release);
    assert.equal((await act(headers, "/apps/agenda/act/rollback", "release=r1")).status, 303);
    assert.deepEqual(begun.at(-1), ["rollback", "r1"]);
  });
});

it("programs get JSON, Prometheus gets gauges, a README gets a badge", async () => {
  const options = bearer(tokens.read);
  const apps = JSON.parse((await get("/api/apps", options)).body) as { app: string; good: boolean }[];
  assert.deepEqual(
    apps.map(({ app, good }) => [app, good]),
    [
      [showpiece, false],
      ["agenda", true],
    ],
  );
  const one = JSON.parse((await get("/api/apps/agenda", options)).body) as { look: { units: unknown[] } };
  assert.equal(one.look.units.length, 1);
  const gauges = (await get("/metrics", options)).body;
  assert.match(gauges, /^# TYPE aplomo_unit_memory_bytes gauge\n(?:.*\n)?aplomo_unit_memory_bytes\{app="agenda",unit="web-1"\} 90000000$/m);
  assert.match((await get("/apps/agenda/badge.svg", options)).body, /^<svg\s.*>agenda: well</s);
  const { paths } = JSON.parse((await get("/openapi.json", options)).body) as { paths: Record<string, unknown> };
  assert.ok(Object.keys(paths).includes("/api/apps/{app}"));
});

it("whoever waits hears that something changed", async () => {
  const address = doors.public.address() as AddressInfo;
  const request = ask({ host: "127.0.0.1", port: address.port, path: "/events?app=agenda", ...bearer(tokens.read) }).end();
  const [response] = (await once(request, "response")) as [import("node:http").IncomingMessage];
  let heard = "";
  response.setEncoding("utf8").on("data", (chunk: string) => (heard += chunk));
  while (!heard.includes("still here")) await once(response, "data");
  await fillHome(home, "agenda", new Date(now.getTime() + 1_000));
  while (!heard.includes("event: changed")) await once(response, "data");
  request.destroy();
});

it("the laptop's door takes its token and no other, and leads to the socket with the role it was opened for", async () => {
  const laptop = await openLaptop(agentPaths(home).socket, 0, { role: "read", who: "me" }, () => now);
  const { port, searchParams } = new URL(laptop.url);
  const at = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers, redirect: "manual" });
  try {
    assert.equal((await at("/")).status, 401);
    assert.equal((await at("/", { authorization: `Bearer ${tokens.operate}` })).status, 401);
    const cookie = { cookie: `aplomo=${searchParams.get("token")}` };
    assert.match(await (await at("/apps/agenda", cookie)).text(), /<h1>agenda<\/h1>/);
    assert.equal((await at("/apps/agenda/act/backup", { ...cookie, "x-aplomo-role": "operate" })).status, 404);
  } finally {
    laptop.close();
  }
});

it("ten thousand requests of one client: the first are answered, each connection then gets one no and its end; memory stays flat", async () => {
  const counts = { 200: 0, 429: 0 };
  const { port } = doors.strict.address() as AddressInfo;
  const head = `GET /style.css HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${tokens.read}\r\nx-forwarded-proto: https\r\n`;
  // Written by hand, eight one after the other on a connection, as many as may wait: a client of Node's costs more than what answers it.
  const connection = async (): Promise<void> => {
    const socket = connect(port, "127.0.0.1");
    socket.write(`${head}\r\n`.repeat(7) + `${head}connection: close\r\n\r\n`);
    const said = [...(await text(socket)).matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
    const refused = said.at(-1) === 429;
    assert.deepEqual(said, refused ? [...said.slice(0, -1).fill(200), 429] : Array.from({ length: 8 }, () => 200));
    counts[200] += said.length - (refused ? 1 : 0);
    counts[429] += refused ? 1 : 0;
  };
  const round = (): Promise<void[]> => Promise.all(Array.from({ length: 25 }, connection));
  await round();
  const before = process.memoryUsage().heapUsed;
  for (let rounds = 1; rounds < 50; rounds += 1) await round();
  assert.ok(counts[200] >= 150 && counts[429] >= 1_100, JSON.stringify(counts));
  // Garbage comes and goes; a request that left something behind would leave ten thousand of it.
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(grown < 60e6, `${grown} bytes`);
  assert.equal((await get("/", { door: doors.socket })).status, 200);
});

const needRoot = process.getuid?.() === 0 ? false : "only root can become another user";
it("another user gets neither to the socket nor to what is beside it", { skip: needRoot }, async () => {
  // The folders above are open to all, as /var/lib is: what keeps the other out is the agent's own.
  await chmod(home, 0o755);
  const { socket, root } = agentPaths(home);
  const script = `const fs = require("node:fs"), net = require("node:net"), [, socket, tokens] = process.argv;
    let read = "read"; try { fs.readFileSync(tokens); } catch (error) { read = error.code; }
    net.connect(socket).on("connect", () => say("connected")).on("error", (error) => say(error.code));
    const say = (word) => { console.log(word, read); process.exit(); };`;
  const child = spawn(process.execPath, ["-e", script, socket, join(root, "tokens.json")], {
    uid: 65_534,
    gid: 65_534,
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
  });
  assert.equal((await text(child.stdout)).trim(), "EACCES EACCES");
});
