import assert from "node:assert/strict";
import { it } from "node:test";
import type { Event } from "../../../src/base/events.ts";
import type { Entry } from "../../../src/deploy/journal.ts";
import { markdownReport } from "../../../src/report/markdown.ts";

const entries = (events: Event[]): Entry[] => events.map((event, seq) => ({ seq, at: "2026-11-22T15:45:00.000Z", ...event }));
const started: Event = { type: "deployment.started", deployment: "d2", app: "agenda", action: "deploy", release: "r2", previous: null };
const failure = {
  message: "could not pass the stability gate with web: it ended with exit code 0",
  hint: "look",
  evidence: { unit: "web", state: "stopped", exitCode: 0, restarts: 2, log: "one\ntwo\n" },
};

it("names the gate, the unit, its exit code, restarts and last lines, and every step with its evidence", () => {
  const report = markdownReport(
    entries([
      started,
      { type: "step.started", step: "switch.units", phase: "switch", title: "start r2" },
      { type: "step.ended", step: "switch.units", durationMs: 900, evidence: { units: ["web"], output: "hidden" } },
      { type: "step.failed", step: "prove.stability", durationMs: 2_000, failure },
      { type: "undo.ended", step: "switch.units", durationMs: 800, evidence: { data: "untouched" } },
      { type: "undo.failed", step: "change.hold", durationMs: 1, failure: { message: "no" } },
      { type: "recovery.started", deployment: "d2", decision: "undo" },
      {
        type: "deployment.finished",
        deployment: "d2",
        outcome: "stuck",
        release: "r2",
        previous: null,
        durationMs: 4_000,
        failedStep: "prove.stability",
        rowsLost: 0,
      },
    ]),
  );
  for (const part of [
    "# agenda d2: deploy r2",
    "| outcome | **stuck** |",
    "| previous | none |",
    "| took | 4.0 s |",
    "| failed step | prove.stability |",
    "| rows lost | 0 |",
    "## Failed: prove.stability\n\ncould not pass the stability gate with web: it ended with exit code 0\n\nNext: look",
    "- unit: web\n- state: stopped\n- exitCode: 0\n- restarts: 2",
    "```text\none\ntwo\n```",
    "## Could not be undone: change.hold",
    "| 15:45:00 | switch.units | done | 900 ms |",
    "| 15:45:00 | prove.stability | **failed** | 2.0 s |",
    "| 15:45:00 | switch.units | taken back | 800 ms |",
    "| 15:45:00 | change.hold | **not taken back** | 1 ms |",
    "| 15:45:00 | recovery | undo | |",
    '- **switch.units**: units `["web"]`',
    "- **switch.units** (taken back): data untouched",
  ])
    assert.ok(report.includes(part), `${part}\n\nis not in\n\n${report}`);
  assert.doesNotMatch(report, /hidden|undefined/);
});

it("says who made the release, of which version and commit", () => {
  const source = { author: "ana", commit: "ab12", dirty: true, appVersion: "1.4.0" };
  const report = markdownReport(entries([started, { type: "step.ended", step: "prepare.stage", durationMs: 1, evidence: { source } }]));
  assert.match(report, /\| author \| ana \|\n\| version \| 1\.4\.0 \|\n\| commit \| ab12, and what was not committed \|/);
});

it("a deployment without an end says so, and an empty journal too", () => {
  assert.match(markdownReport(entries([started])), /\| outcome \| \*\*under way, or interrupted\*\* \|/);
  assert.equal(markdownReport([]), "# No deployment was started\n");
});
