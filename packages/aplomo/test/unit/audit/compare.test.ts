import assert from "node:assert/strict";
import { it } from "node:test";
import { compare } from "../../../src/audit/compare/compare.ts";
import { auditTree } from "../../../src/audit/run.ts";
import { memoryTree } from "../../../src/audit/tree/memory.ts";

const reference = auditTree(
  memoryTree({
    Dockerfile:
      'FROM node:22-slim\nCOPY server.js health.js ./\nUSER node\nHEALTHCHECK CMD ["node", "health.js"]\nCMD ["node", "server.js"]\n',
    "compose.yml":
      "services:\n  web:\n    build: .\n    restart: always\n  db:\n    image: postgres:17\n    restart: always\n    volumes: [data:/var/lib/postgresql/data]\n    healthcheck: { test: [CMD, pg_isready, -h, 127.0.0.1] }\nvolumes: { data: }\n",
    "health.js": "process.on('SIGTERM', stop);\n",
    "docs/RUNBOOK.md": "#",
  }),
);
const subject = auditTree(
  memoryTree({
    Dockerfile: 'FROM node:22-slim\nCOPY server.js ./\nCMD ["npm", "start"]\n',
    "compose.yml": "services:\n  web:\n    build: .\n    restart: always\n  db:\n    image: postgres:17\n    restart: always\n",
  }),
);

it("each point has both sides and a priority; what will lose data comes first", () => {
  const { rows, phases } = compare(reference, subject);
  const row = (point: string) => rows.find((one) => one.point === point);
  assert.equal(rows.length, 16);
  assert.deepEqual(row("volumes"), { point: "volumes", reference: "1 named", subject: "none, data-no-volume", priority: "high" });
  assert.equal(row("user")?.priority, "medium");
  assert.equal(row("deployment guide")?.subject, "none");
  assert.equal(row("restart and limits")?.priority, "");
  assert.deepEqual(
    rows.map((one) => ["high", "medium", "low", ""].indexOf(one.priority)),
    rows.map((one) => ["high", "medium", "low", ""].indexOf(one.priority)).toSorted((a, b) => a - b),
  );
  assert.equal(phases[0]?.title, "quick wins");
  assert.match(phases[0]?.acts[0] ?? "", /\(high\)/);
  assert.ok(phases[0]?.acts.some((act) => act.startsWith("volumes (high)")));
});

it("an application beside itself lacks nothing that matters", () => {
  assert.deepEqual(
    compare(reference, reference).rows.filter((row) => row.priority === "high"),
    [],
  );
});
