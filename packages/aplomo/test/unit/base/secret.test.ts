import assert from "node:assert/strict";
import { it } from "node:test";
import { format, inspect } from "node:util";
import { AplomoError, LockedError, reason, StuckError, UsageError } from "../../../src/base/errors.ts";
import { reveal, Secret } from "../../../src/base/secret.ts";
import { version } from "../../../src/base/version.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../support/root.ts";

const secret = new Secret("hunter2-hunter2");

it("a secret shows nowhere", () => {
  const shown = [
    `it is ${secret as unknown as string}`,
    String(secret),
    secret + "",
    [secret].join(),
    JSON.stringify({ deep: [{ secret }] }),
    inspect({ deep: [{ secret }] }, { depth: 9, showHidden: true }),
    format("%s %o %O %j", secret, secret, secret, secret),
    inspect(new Error("failed", { cause: { secret } })),
    JSON.stringify(Object.entries(secret)),
    JSON.stringify(Object.assign({}, secret)),
  ];
  for (const text of shown) assert.doesNotMatch(text, /hunter2/);
  assert.equal(JSON.stringify({ secret }), '{"secret":"[secret]"}');
});

it("only reveal gives it", () => {
  assert.equal(secret.reveal(), "hunter2-hunter2");
  assert.equal(reveal(secret), "hunter2-hunter2");
  assert.equal(reveal("plain"), "plain");
});

it("an error says operation, subject, cause and the next act", () => {
  const cause = new Error("no space left");
  const error = new AplomoError({ operation: "write", subject: "/x", cause, hint: "free some" });
  assert.equal(error.message, "could not write /x: no space left");
  assert.deepEqual([error.hint, error.cause, error.name, error.exitCode], ["free some", cause, "AplomoError", 1]);
  assert.equal(new UsageError({ operation: "read", subject: "it" }).message, "could not read it");
  assert.deepEqual(
    [UsageError, StuckError, LockedError].map((Kind) => new Kind({ operation: "a", subject: "b" }).exitCode),
    [2, 3, 4],
  );
  assert.equal(reason("text"), "text");
});

it("the version is that of package.json", () => {
  const manifest = JSON.parse(readFileSync(join(root, "packages/aplomo/package.json"), "utf8")) as { version: string };
  assert.equal(version, manifest.version);
});
