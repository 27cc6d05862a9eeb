import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { disk, http, memory, mongodb, mysql, redis } from "../../src/checks/index.ts";

const signal = new AbortController().signal;

test("http: a status of 400 or more is a failure, named by its code", async () => {
  let status = 204;
  const server = createServer((_, response) => response.writeHead(status).end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const check = http(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { critical: false });
  assert.equal(check.critical, false);
  await check.ask(signal);
  status = 503;
  await assert.rejects(Promise.resolve(check.ask(signal)), { code: "HTTP_503" });
  server.closeAllConnections();
  server.close();
});

test("disk: fine, low, full", async () => {
  assert.equal(await disk("/", { low: 0, full: 0 }).ask(signal), undefined);
  assert.match(((await disk("/", { low: 1.1, full: 0 }).ask(signal)) as { degraded: string }).degraded, /% free$/);
  await assert.rejects(Promise.resolve(disk("/", { full: 1.1 }).ask(signal)), { code: "DISK_FULL" });
});

test("memory: degraded near the limit, never unhealthy", () => {
  assert.equal(memory({ max: 1e12 }).ask(signal), undefined);
  assert.match((memory({ max: 1e6 }).ask(signal) as { degraded: string }).degraded, /of 1 MB$/);
});

test("clients are asked in their own words", async () => {
  const asked: unknown[] = [];
  const said = (...words: unknown[]): Promise<void> => Promise.resolve(void asked.push(...words));
  await mysql({ promise: () => ({ query: said }) }).ask(signal);
  await mysql({ query: said }, { limit: 50 }).ask(signal);
  await mongodb({ db: () => ({ command: said }) }).ask(signal);
  await redis({ ping: () => said("PING") }).ask(signal);
  assert.deepEqual(asked, [{ sql: "SELECT 1", timeout: 1_000 }, { sql: "SELECT 1", timeout: 50 }, { ping: 1, maxTimeMS: 1_000 }, "PING"]);
});
