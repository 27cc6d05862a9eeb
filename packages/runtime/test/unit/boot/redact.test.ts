import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSettings } from "../../../src/boot/read-settings.ts";
import { redactor } from "../../../src/boot/redact.ts";

test("declared secrets and the passwords of URLs are taken out, as they are and percent-encoded", () => {
  const settings = parseSettings({ env: { require: { SESSION_SECRET: { secret: true }, PORT: {} } } }, "test");
  const redact = redactor(settings, { SESSION_SECRET: "longenough", PORT: "3000", DATABASE_URL: "postgres://app:p%40ssword@db/app" });
  assert.equal(redact("p@ssword or p%40ssword, longenough, 3000"), "[secret] or [secret], [secret], 3000");
});
