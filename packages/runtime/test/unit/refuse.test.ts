import assert from "node:assert/strict";
import { test } from "node:test";
import { refuseInProduction } from "../../src/refuse.ts";

test("a mock database is impossible in production, and nothing elsewhere", () => {
  assert.throws(
    () => refuseInProduction("the mock database", { NODE_ENV: "production" }),
    /the mock database must not run with NODE_ENV=production/,
  );
  refuseInProduction("the mock database", { NODE_ENV: "test" });
  refuseInProduction("the mock database", {});
});
