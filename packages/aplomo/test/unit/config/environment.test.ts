import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { checkEnvironment, type Finding } from "../../../src/config/environment.ts";
import { isPlaceholder, isWeak } from "../../../src/config/weak-secrets.ts";
import { compose, load } from "./folder.ts";

/** What the contract says about variable X with this value. */
async function findings(rules: string, value: string | undefined, more = ""): Promise<Finding[]> {
  const yml = compose(`env:\n  file: .env\n  require: { X: { ${rules} } }\n${more}`);
  return checkEnvironment(await load({ "aplomo.yml": yml, ".env": value === undefined ? "Y=1\n" : `Y=1\nX='${value}'\n` }));
}

const long = "8f14e45fceea167a5a36dedd4bea2543";

const kept: [rules: string, value: string][] = [
  ["", "x"],
  ["min_length: 3, max_length: 3", "äöü"],
  ['pattern: "^v\\\\d+$"', "v12"],
  ["one_of: [a, b]", "b"],
  ["equals: production", "production"],
  ["list: csv", "one"],
  ["list: csv, each: host", "a.example.com,.example.com,*.example.com,*,localhost:3000,10.0.0.1,[::1]:80"],
  ["list: csv, each: url", "https://a.example,http://localhost:3000"],
  ["list: csv, each: port", "1,65535"],
  ["list: json, each: url", '["https://a.example", "https://b.example"]'],
  ["list: json, each: number", "[1, 2.5]"],
  ["type: url", "postgres://u:p@h:5432/n?sslmode=require"],
  ["type: port", "3000"],
  ["type: number", "-2.5e3"],
  ["type: boolean", "False"],
  ["secret: true", "short"],
  ["secret: true, min_length: 32", long],
  ["secret: true, min_length: 16", "correct horse battery staple"],
];

const broken: [rules: string, value: string | undefined, rule: string, message: RegExp][] = [
  ["", undefined, "present", /^is not set$/],
  ["min_length: 8", "", "present", /^is empty$/],
  ["", "  ", "present", /^is empty$/],
  ["min_length: 32, secret: true", "8f14e45fceea", "min_length", /^has 12 characters, fewer than 32$/],
  ["max_length: 3", "abcd", "max_length", /^has 4 characters, more than 3$/],
  ['pattern: "^v"', "12", "pattern", /^does not match \^v$/],
  ["one_of: [a, b]", "c", "one_of", /^is none of the values/],
  ["equals: production", "development", "equals", /^is another value/],
  ["list: csv", '["a.example","b.example"]', "list", /^is a list in JSON, and the application reads comma-separated values$/],
  ["list: csv", "[a.example, b.example]", "list", /^is a list in JSON/],
  ["list: csv", "a,,b", "list", /nothing in item 2/],
  ["list: csv", "a,b,", "list", /nothing in item 3/],
  ["list: csv", "a, b", "list", /space around item 2/],
  ["list: csv", '"a","b"', "list", /quotes around item 1/],
  ["list: json", "a.example,b.example", "list", /^is comma-separated or one plain value, and the application reads a list in JSON$/],
  ["list: json", "[a, b]", "list", /not valid JSON/],
  ["list: json", "[]", "list", /empty list/],
  ["list: json", '["a", {}]', "list", /item 2/],
  ["list: json", '{"a": 1}', "list", /reads a list in JSON/],
  ["list: csv, each: url", "https://a.example,b.example", "each", /^item 2 is not a URL$/],
  ["list: csv, each: port", "0,80,x", "each", /^items 1, 3 are each not a port/],
  ["list: csv, each: host", "https://a.example", "each", /^item 1 is not a host name$/],
  ["type: url", "shop.example", "type", /^is not a URL$/],
  ["type: port", "65536", "type", /^is not a port/],
  ["type: number", "12px", "type", /^is not a number$/],
  ["type: boolean", "enabled", "type", /^is not a yes or no$/],
  ["type: port", "3000 ", "type", /space/],
  ...[
    "changeme",
    "CHANGE_ME_PLEASE",
    "dev-secret",
    "your-secret-here",
    "your_jwt_secret_key",
    "xxx",
    "password",
    "Password123",
    "secret",
    "my-super-secret-key",
    "<your key>",
    "django-insecure-4x8z",
    "supersecret",
    "todo",
  ].map((value): [string, string, string, RegExp] => ["secret: true", value, "secret", /placeholder/]),
  ...[
    "a".repeat(32),
    "ab".repeat(16),
    "0123456789abcdef0123456789abcdef",
    "abcdefghijklmnopqrstuvwxyz012345",
    "1234567890".repeat(4),
    "-".repeat(31) + "x",
  ].map((value): [string, string, string, RegExp] => ["secret: true, min_length: 16", value, "secret", /easy to guess|placeholder/]),
];

describe("checkEnvironment", () => {
  for (const [rules, value] of kept) {
    it(`accepts { ${rules} } of a right value ${value}`, async () => assert.deepEqual(await findings(rules, value), []));
  }

  for (const [rules, value, rule, message] of broken) {
    it(`finds { ${rules} } broken by ${value ?? "nothing"}`, async () => {
      const [finding, ...others] = await findings(rules, value);
      assert.deepEqual(others, []);
      assert.ok(finding);
      assert.equal(finding.variable, "X");
      assert.equal(finding.rule, rule);
      assert.match(finding.message, message);
      assert.equal(finding.origin, value === undefined ? "aplomo.yml:5" : ".env:2");
      assert.ok(finding.hint.length > 0);
      if (value !== undefined && value.trim().length > 3)
        assert.ok(!`${finding.message} ${finding.hint}`.includes(value), "shows the value");
    });
  }

  it("tells everything at once, with where it was looked for", async () => {
    const yml = compose(
      "env:\n  require:\n    A: { secret: true, min_length: 40, pattern: ^z }\n    B: {}\n    C: { type: port }\n  file: .env\n  forbid: [D, E]\n",
    );
    const config = await load({ "aplomo.yml": yml, ".env": `A=${long}\nD=\n` }, { C: "high", E: "1" });
    const seen = checkEnvironment(config).map((finding) => `${finding.origin} ${finding.variable} ${finding.rule}`);
    assert.deepEqual(seen, [".env:1 A min_length", ".env:1 A pattern", "aplomo.yml:6 B present", "environment C type", ".env:2 D forbid"]);
  });

  it("refuses a secret that stands in the example, named or beside the env file, and nothing else of it", async () => {
    const files = { ".env": `A=${long}\nB=shop\nC=${long.slice(1)}x\n`, ".env.example": `A=${long}\nB=shop\nC=\n` };
    const rules = "require: { A: { secret: true }, B: {}, C: { secret: true } }";
    for (const more of ["", "example: .env.example, "]) {
      const found = checkEnvironment(await load({ ...files, "aplomo.yml": compose(`env: { file: .env, ${more}${rules} }\n`) }));
      assert.deepEqual(
        found.map(({ origin, variable, rule, message }) => [origin, variable, rule, message]),
        [[".env:1", "A", "example", "is the value that .env.example has, which everybody with the code can read"]],
      );
    }
  });

  it("never takes a secret that was drawn at random for a weak one", () => {
    for (let round = 0; round < 5_000; round++) {
      const drawn = randomBytes(12);
      for (const secret of [drawn.toString("hex").slice(0, 16), drawn.toString("base64url")]) {
        assert.ok(!isWeak(secret) && !isPlaceholder(secret), secret);
      }
    }
  });
});
