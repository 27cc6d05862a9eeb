import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Json } from "../../../src/base/events.ts";
import { paintFor } from "../../../src/report/colours.ts";
import { resultText } from "../../../src/report/results.ts";

const show = (command: string, data: Json): string[] => resultText(command, data, paintFor(false));

describe("results for people", () => {
  it("status: the release, its units in columns, backups, and what runs or was interrupted", () => {
    const unit = { name: "agenda-web-1", service: "web", release: "r2", state: "running", health: null, restarts: 0, startedAt: null };
    const data = {
      app: "agenda",
      release: "r2",
      runtime: "compose",
      units: [unit, { ...unit, name: "w" }],
      running: null,
      interrupted: "d2 was",
    };
    const backups = [
      { database: "agenda", id: "b1", age: "3 min 05 s", proven: { id: "b1", age: "3 min 05 s" }, late: null, kept: ["agenda_before"] },
      { database: "audit", id: null, age: null, proven: null, late: "there is none", kept: null },
    ];
    assert.deepEqual(show("status", { ...data, backups }), [
      "agenda  release r2  compose",
      "unit          service  release  state    health  restarts  since",
      "agenda-web-1  web      r2       running  -       0         -",
      "w             web      r2       running  -       0         -",
      "last backup of agenda: b1, 3 min 05 s ago; proven",
      "  kept from an earlier restore, to be removed by you: agenda_before",
      "last backup of audit: none",
      "  there is none",
      "d2 was",
    ]);
    assert.deepEqual(show("status", { ...data, release: null, units: [], backups: [], interrupted: null }), [
      "agenda  not deployed yet  compose",
    ]);
  });

  it("history: one line a deployment, also one without an end", () => {
    const one = {
      id: "d1",
      action: "deploy",
      release: "r1",
      previous: null,
      startedAt: "2026",
      outcome: null,
      durationMs: null,
      failedStep: null,
    };
    assert.match(show("history", { deployments: [one] })[1] ?? "", /^d1 +deploy +r1 +- +interrupted +- +2026$/);
  });

  it("backups that are of no single moment are pointed out", () => {
    const one = { id: "b1", tier: "daily", torn: [], proven: null };
    const list = show("backup list", { backups: [one, { ...one, id: "b2", torn: ["busy", "log"] }] });
    assert.deepEqual(list.slice(3), ["b2 is torn: busy, log as of another moment than the rest"]);
    const manifest = {
      id: "b2",
      torn: ["busy"],
      rows: { snapshot: {} },
      objects: {},
      bytes: {},
      proof: null,
      encryption: null,
      durations: {},
    };
    assert.ok(show("backup show", { manifest, rowsNow: null }).includes("  b2 is torn: busy as of another moment than the rest"));
  });

  it("an empty list says so, and what would fill it", () => {
    assert.deepEqual(show("history", { deployments: [] }), ["nothing was deployed yet: aplomo deploy"]);
    assert.deepEqual(show("backup list", { backups: [] }), ["no backup yet: aplomo backup run"]);
    assert.deepEqual(show("recover", { recovered: null }), ["nothing to recover: the last deployment came to its end"]);
  });

  it("verify and check: what is well, what is not, and the next act", () => {
    const checks = [
      { check: "identity", ok: true, message: null, hint: null },
      { check: "health", ok: false, message: "it is ill", hint: "look" },
    ];
    assert.deepEqual(show("verify", { checks }), ["✓ identity", "✗ health: it is ill\n  look"]);
    const finding = { where: ".env:1 A", rule: "present", message: "is empty", hint: "set it" };
    assert.deepEqual(show("check", { findings: [finding], summary: "sound" }), ["✗ .env:1 A: is empty\n  set it", "1 finding"]);
    assert.deepEqual(show("check", { findings: [], summary: "sound" }), ["✓ sound"]);
  });

  it("backups, logs, init and report", () => {
    assert.deepEqual(show("backup run", { backups: [{ id: "b1", rows: 3, bytes: 9, durationMs: 80, proven: true, proofMs: 90 }] }), [
      "✓ b1: 3 rows, 9 bytes in 80 ms; proven by a restore in 90 ms",
    ]);
    assert.deepEqual(
      show("backup run", { backups: [{ id: "b1", rows: 3, bytes: 9, durationMs: 80, proven: false, differences: ["x: 1"] }] }),
      ["✗ b1: 3 rows, 9 bytes in 80 ms; not proven", "  x: 1"],
    );
    assert.match(
      show("backup restore", { backup: "b1", database: "agenda", place: "k" })[0] ?? "",
      /b1 is the data of agenda; .* kept as k/,
    );
    assert.deepEqual(show("logs", { units: [{ name: "web", log: "a\nb" }] }), ["web | a", "web | b"]);
    assert.deepEqual(show("init", { file: "aplomo.yml", next: ["a"] }), ["✓ wrote aplomo.yml", "  a"]);
    assert.deepEqual(show("report", { entries: [], format: "markdown", watched: null }), ["# No deployment was started"]);
  });

  it("a command without a page of its own is shown as JSON", () => {
    assert.deepEqual(show("new", { a: [1] }).join("\n"), JSON.stringify({ a: [1] }, null, 2));
  });
});
