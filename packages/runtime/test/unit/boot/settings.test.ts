import assert from "node:assert/strict";
import { test } from "node:test";
import { readArguments } from "../../../src/boot/arguments.ts";
import { parseSettings } from "../../../src/boot/read-settings.ts";

test("an empty file is complete", () => {
  const settings = parseSettings({}, "test");
  assert.equal(settings.database.url, "DATABASE_URL");
  assert.equal(settings.database.wait, 60_000);
  assert.equal(settings.migrate, undefined);
});

test("durations become milliseconds, with the defaults of the documentation", () => {
  const { migrate } = parseSettings({ migrate: { run: ["prisma", "migrate", "deploy"], time_limit: "2m" } }, "test");
  assert.deepEqual(migrate, { run: ["prisma", "migrate", "deploy"], time_limit: 120_000, lock_wait: 120_000, url: "DATABASE_URL" });
});

test("every mistake is named at once", () => {
  const wrong = {
    migrat: {},
    env: { require: { A: { min_lenght: 3, max_length: "4" } } },
    migrate: { run: "prisma migrate deploy" },
    seed: { run: ["s"] },
  };
  assert.throws(
    () => parseSettings(wrong, "aplomo.boot.json"),
    (error: Error) => {
      for (const part of [
        "migrat: unknown",
        "env.require.A.min_lenght: unknown",
        "env.require.A.max_length: a number",
        "migrate.run: a list",
        "seed: either",
      ]) {
        assert.ok(error.message.includes(part), `${part} in ${error.message}`);
      }
      return true;
    },
  );
});

test("what stands after -- is the server's", () => {
  assert.deepEqual(readArguments(["--config", "x.json", "--", "node", "server.js", "--config", "y"]), {
    verb: "boot",
    config: "x.json",
    server: ["node", "server.js", "--config", "y"],
  });
  assert.deepEqual(readArguments(["migrate"]), { verb: "migrate", server: [] });
  assert.throws(() => readArguments([]), /no server to start/);
  assert.throws(() => readArguments(["serve"]), /unknown argument serve/);
});
