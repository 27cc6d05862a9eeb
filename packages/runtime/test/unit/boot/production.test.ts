import assert from "node:assert/strict";
import { test } from "node:test";
import { productionProblems } from "../../../src/boot/production.ts";
import { parseSettings } from "../../../src/boot/read-settings.ts";

const production = { NODE_ENV: "production" };
const problems = (config: object, env: NodeJS.ProcessEnv = production): string[] =>
  productionProblems(parseSettings(config, "test"), env).map(({ message }) => message);

test("production refuses what changes the schema without a migration or deletes", () => {
  for (const run of [
    ["prisma", "db", "push"],
    ["npx", "prisma", "migrate", "dev"],
    ["prisma", "migrate", "reset", "--force"],
    ["prisma", "migrate", "deploy", "--accept-data-loss"],
    ["sh", "-c", "prisma migrate deploy || prisma db push"],
    ["typeorm", "schema:drop"],
  ]) {
    assert.equal(problems({ migrate: { run } }).length > 0, true, run.join(" "));
    assert.deepEqual(problems({ migrate: { run } }, { NODE_ENV: "development" }), [], "elsewhere it is nobody's business");
  }
  assert.deepEqual(problems({ migrate: { run: ["prisma", "migrate", "deploy"] } }), []);
});

test("production refuses mock databases, by name and by address", () => {
  for (const env of [{ USE_MOCK_DB: "1" }, { MOCK_DATABASE: "true" }, { DATABASE_URL: "sqlite::memory:" }, { DATABASE_URL: "mock://db" }]) {
    assert.equal(problems({}, { ...production, ...env }).length, 1, JSON.stringify(env));
  }
  assert.deepEqual(problems({}, { ...production, USE_MOCK_DB: "0", DATABASE_URL: "postgres://db/app" }), []);
});
