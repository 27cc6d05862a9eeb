import assert from "node:assert/strict";
import { test } from "node:test";
import { Hooks } from "../../../src/graceful/hooks.ts";

const soon = (): number => performance.now() + 60_000;

test("hooks run last in first out, and a failing one does not stop the others", async () => {
  const hooks = new Hooks();
  const ran: string[] = [];
  const said: string[] = [];
  hooks.add("database", () => ran.push("database"), 1_000);
  hooks.add("mailer", () => Promise.reject(new Error("no route")), 1_000);
  hooks.add("queue", () => ran.push("queue"), 1_000);
  const clean = await hooks.run(soon(), (level, message, facts) => said.push(`${level} ${message} ${String(facts?.reason)}`));
  assert.equal(clean, false);
  assert.deepEqual(ran, ["queue", "database"]);
  assert.deepEqual(said, ["error closing mailer failed Error: no route"]);
});

test("a hook that hangs is left at its limit, and told so", async () => {
  const hooks = new Hooks();
  let told: AbortSignal | undefined;
  const ran: string[] = [];
  hooks.add("database", () => ran.push("database"), 1_000);
  hooks.add(
    "stuck",
    (signal) => {
      told = signal;
      return new Promise(() => undefined);
    },
    5,
  );
  assert.equal(await hooks.run(soon(), () => undefined), false);
  assert.ok(told?.aborted);
  assert.deepEqual(ran, ["database"]);
});
