import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { CheckReport } from "../../../src/health/check.ts";
import { type EndpointOptions, endpoints } from "../../../src/health/endpoints.ts";
import type { State } from "../../../src/health/status.ts";

const refused: CheckReport = {
  status: "unhealthy",
  at: new Date("2026-11-22T10:00:00Z"),
  checks: {
    database: { status: "unhealthy", critical: true, ms: 1.5, kind: "database", reason: "28P01", message: 'password failed for "bob"' },
    cache: { status: "healthy", critical: false, ms: 0.2 },
  },
};
const fine: CheckReport = {
  status: "healthy",
  at: refused.at,
  checks: { database: { status: "healthy", critical: true, ms: 1, kind: "database" } },
};
const vitals = { uptimeSeconds: 7, memory: { rssMegabytes: 60, heapUsedMegabytes: 20 }, eventLoopDelay: { meanMs: 0.1, p99Ms: 2 } };

interface Case {
  report?: CheckReport;
  state?: State;
  options?: EndpointOptions;
}

async function ask(path: string, { report = fine, state = "running", options = {} }: Case, init: RequestInit = {}) {
  const subject = {
    draining: () => state === "draining",
    parts: () => Promise.resolve({ state, report, release: { release: "r12", commit: "abc" }, vitals, inFlight: 3 }),
  };
  const answer = endpoints(subject, options);
  const server = createServer((request, response) => {
    if (!answer(request, response)) response.writeHead(418).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init);
    return { status: response.status, text: await response.text(), cache: response.headers.get("cache-control") };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("/healthz says that the process lives, and 503 from the moment it drains", async () => {
  assert.deepEqual(await ask("/healthz", { report: refused }), { status: 200, text: "ok\n", cache: "no-store" });
  assert.equal((await ask("/healthz", { state: "draining" })).status, 503);
});

test("/readyz names what is missing, without the message", async () => {
  assert.equal((await ask("/readyz", {})).status, 200);
  assert.equal((await ask("/readyz", { state: "starting" })).text, "not ready: starting\n");
  const { status, text } = await ask("/readyz", { report: refused });
  assert.equal(status, 503);
  assert.equal(text, "not ready: database: 28P01\n");
});

test("/status: 200 with `database: connected` and a timestamp, or 503 with the reason", async () => {
  const good = JSON.parse((await ask("/status", {})).text) as Record<string, unknown>;
  assert.equal(good.status, "healthy");
  assert.equal(good.database, "connected");
  assert.equal(good.timestamp, "2026-11-22T10:00:00.000Z");
  assert.equal(good.uptimeSeconds, 7);
  assert.equal(good.release, "r12");
  assert.equal(good.inFlight, 3);
  const { status, text } = await ask("/status", { report: refused });
  const bad = JSON.parse(text) as Record<string, unknown>;
  assert.equal(status, 503);
  assert.equal(bad.database, "unreachable");
  assert.equal(bad.reason, "database: 28P01");
  assert.ok(!text.includes("bob"), "messages name users and hosts");
});

test("with a token, strangers read the status alone and its owner everything", async () => {
  const options = { token: "s3cret-token", metrics: true };
  const stranger = await ask("/status", { report: refused, options });
  assert.deepEqual(Object.keys(JSON.parse(stranger.text) as object), ["status", "timestamp", "database"]);
  assert.equal(stranger.status, 503);
  const headers = { authorization: "Bearer s3cret-token" };
  const owner = await ask("/status", { report: refused, options }, { headers });
  assert.match(owner.text, /password failed for/);
  assert.equal((await ask("/metrics", { options })).status, 401);
  assert.equal((await ask("/metrics", { options }, { headers })).status, 200);
});

test("query strings and HEAD are answered; other paths and methods are the application's", async () => {
  assert.equal((await ask("/healthz?from=probe", {})).status, 200);
  assert.deepEqual(await ask("/status?x", {}, { method: "HEAD" }), { status: 200, text: "", cache: "no-store" });
  assert.equal((await ask("/healthz", {}, { method: "POST" })).status, 418);
  assert.equal((await ask("/healthz/more", {})).status, 418);
  assert.equal((await ask("/metrics", {})).status, 418);
  assert.equal((await ask("/-/healthz", { options: { prefix: "/-" } })).status, 200);
});

test("/metrics is Prometheus' text: each line a comment or a sample", async () => {
  const { text } = await ask("/metrics", { report: refused, options: { metrics: true } });
  for (const line of text.trimEnd().split("\n")) assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)*\})? [\d.e+-]+)$/);
  assert.match(text, /^aplomo_up 0$/m);
  assert.match(text, /^aplomo_check_healthy\{check="database"\} 0$/m);
  assert.match(text, /^aplomo_release_info\{release="r12",commit="abc"\} 1$/m);
});
