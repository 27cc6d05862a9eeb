import assert from "node:assert/strict";
import { test } from "node:test";
import { contractProblems } from "../../../src/boot/contract.ts";

test("everything that is wrong is named at once, and no value is repeated", () => {
  const contract = {
    require: {
      DATABASE_URL: { type: "url" },
      SESSION_SECRET: { secret: true, min_length: 32 },
      PORT: { equals: "3000" },
      CORS_ORIGINS: { list: "csv", each: "url" },
      ALLOWED_HOSTS: { list: "json", each: "host" },
      NODE_ENV: { one_of: ["production", "staging"] },
    } as const,
    forbid: ["RUN_MV_STANDALONE"],
  };
  const env = {
    SESSION_SECRET: "hunter2",
    PORT: "3001",
    CORS_ORIGINS: '["https://a.example"]',
    ALLOWED_HOSTS: "a.example,b.example",
    NODE_ENV: "",
    RUN_MV_STANDALONE: "1",
  };
  const messages = contractProblems(contract as never, env).map(({ message }) => message);
  assert.deepEqual(messages, [
    "DATABASE_URL is missing",
    "SESSION_SECRET must be at least 32 characters, it has 7",
    "PORT must be exactly 3000",
    "CORS_ORIGINS must be comma-separated (a,b), not JSON",
    'ALLOWED_HOSTS must be a JSON list (["a","b"]), not comma-separated',
    "NODE_ENV is empty",
    "RUN_MV_STANDALONE is set, and must not be here",
  ]);
  assert.ok(!messages.join().includes("hunter2"));
});

const good: [rules: object, value: string][] = [
  [{ list: "csv", each: "url" }, "https://a.example, https://b.example:8443"],
  [{ list: "json", each: "host" }, '["a.example",".b.example","*"]'],
  [{ type: "port" }, "65535"],
  [{ type: "boolean" }, "false"],
  [{ type: "url" }, "postgres://u:p%40@db:5432/app"],
  [{ pattern: "^v\\d+$" }, "v12"],
];
const bad: [rules: object, value: string][] = [
  [{ list: "csv", each: "url" }, "https://a.example,b"],
  [{ list: "csv" }, "a,,b"],
  [{ list: "json" }, "[1,2]"],
  [{ type: "port" }, "0"],
  [{ type: "number" }, "many"],
  [{ type: "boolean" }, "yes"],
  [{ max_length: 3 }, "four"],
  [{ pattern: "^v\\d+$" }, "12"],
];

test("values that fit and values that do not", () => {
  for (const [rules, value] of good) assert.deepEqual(contractProblems({ require: { X: rules }, forbid: [] }, { X: value }), [], value);
  for (const [rules, value] of bad) assert.equal(contractProblems({ require: { X: rules }, forbid: [] }, { X: value }).length, 1, value);
});
