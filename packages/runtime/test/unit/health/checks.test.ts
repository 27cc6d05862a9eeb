import assert from "node:assert/strict";
import { test } from "node:test";
import { Checks } from "../../../src/health/checks.ts";

const never = (): Promise<never> => new Promise(() => undefined);

test("checks run in parallel: the slowest decides, not the sum", async () => {
  const checks = new Checks();
  let most = 0;
  let running = 0;
  for (const name of ["a", "b", "c"]) {
    checks.add(name, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
  }
  assert.equal((await checks.report()).status, "healthy");
  assert.equal(most, 3);
});

test("a critical failure is unhealthy, another one degraded", async () => {
  const fails = (): never => {
    throw Object.assign(new Error("connect to db.internal failed for bob"), { code: "ECONNREFUSED" });
  };
  const checks = new Checks();
  checks.add("cache", { ask: fails, critical: false });
  const degraded = await checks.report();
  assert.equal(degraded.status, "degraded");
  assert.equal(degraded.checks.cache?.reason, "ECONNREFUSED");
  checks.add("database", { ask: fails, kind: "database" });
  assert.equal((await checks.report()).status, "unhealthy");
});

test("a check may call itself degraded", async () => {
  const checks = new Checks();
  checks.add("memory", () => ({ degraded: "290 of 300 MB" }));
  const { status, checks: results } = await checks.report();
  assert.equal(status, "degraded");
  assert.equal(results.memory?.reason, "290 of 300 MB");
});

test("a hung check is cut at its limit, and told so", async () => {
  const checks = new Checks();
  let told = false;
  checks.add("database", {
    ask: (signal) => {
      signal.addEventListener("abort", () => {
        told = true;
      });
      return never();
    },
    limit: 5,
  });
  const report = await checks.report();
  assert.equal(report.status, "unhealthy");
  assert.equal(report.checks.database?.reason, "no answer within 5 ms");
  assert.ok(told);
});

test("the total limit cuts a longer one", async () => {
  const checks = new Checks();
  checks.configure({ total: 5 });
  checks.add("slow", { ask: never, limit: 60_000 });
  assert.equal((await checks.report()).checks.slow?.reason, "no answer within 5 ms");
});

test("a hung check is asked once, however often the report is wanted", async () => {
  const checks = new Checks();
  checks.configure({ cache: 0 });
  let asked = 0;
  checks.add("database", {
    ask: () => {
      asked += 1;
      return never();
    },
    limit: 1,
  });
  for (let i = 0; i < 20; i += 1) assert.equal((await checks.report()).status, "unhealthy");
  assert.equal(asked, 1);
});

test("a check that comes back is believed", async () => {
  const checks = new Checks();
  checks.configure({ cache: 0 });
  let answer: () => void = () => undefined;
  checks.add("database", {
    ask: () =>
      new Promise<void>((resolve) => {
        answer = resolve;
      }),
    limit: 1,
  });
  assert.equal((await checks.report()).status, "unhealthy");
  answer();
  checks.add("database", () => undefined);
  assert.equal((await checks.report()).status, "healthy");
});

test("many who ask at once get one run, and its outcome is kept for a while", async () => {
  const checks = new Checks();
  let asked = 0;
  checks.add("database", () => {
    asked += 1;
  });
  await Promise.all(Array.from({ length: 50 }, () => checks.report()));
  await checks.report();
  assert.equal(asked, 1);
});
