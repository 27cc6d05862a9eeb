import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Event, Evidence } from "../../../src/base/events.ts";
import type { Entry } from "../../../src/deploy/journal.ts";
import { checklist, type Item } from "../../../src/report/checklist.ts";
import { sayIn } from "../../../src/report/lang/language.ts";
import { english } from "../../../src/report/lang/say.ts";
import { markdownReport } from "../../../src/report/markdown.ts";
import { htmlReport } from "../../../src/report/page.ts";

const started: Event = { type: "deployment.started", deployment: "d14", app: "hub", action: "deploy", release: "r14", previous: "r13" };
const ended = (step: string, evidence: Evidence): Event => ({ type: "step.ended", step, durationMs: 10, evidence });
const finished = (outcome: "deployed" | "undone", failedStep: string | null): Event => ({
  type: "deployment.finished",
  deployment: "d14",
  outcome,
  release: "r14",
  previous: "r13",
  durationMs: 60_000,
  failedStep,
  rowsLost: 0,
});
const entries = (...events: Event[]): Entry[] =>
  [started, ...events].map((event, seq) => ({ seq, at: "2026-11-29T15:01:47.845Z", ...event }));
const find = (items: readonly Item[], what: string): Item | undefined => items.find((item) => item.what.includes(what));

/** What PM2 and the gates leave in a journal when all is well. */
const well = entries(
  ended("prepare.environment", { variables: 9, required: 4 }),
  ended("prepare.target", { runtime: "PM2 7.0.4, 1 × fork", data: [], atBoot: "pm2-deploy.service" }),
  ended("protect.backup.main", { backup: "b1", rows: { monthly_kpis: 7_320 }, sha256: "e3f56830d135dbe2" }),
  ended("switch.units", { processes: ["hub@r14 (PM2 id 5)"], stopped: ["hub@r13 (PM2 id 0)"], saved: true }),
  ended("prove.health", { units: ["hub@r14"], public: { "https://hub.example/status": 200 } }),
  ended("prove.invariants", { main: { monthly_kpis: 7_320, instituciones: 54 } }),
  ended("prove.stability", { watchedMs: 60_000, looks: 60, restarts: 0, memory: { "hub@r14": "120 MiB of 300 MiB, 40 % of its limit" } }),
  ended("prove.logs", { lines: 12 }),
  finished("deployed", null),
);

describe("the checklist", () => {
  it("ticks each point with its evidence, and says what was not asked for", () => {
    const items = checklist(well, english, { looks: 1_440, hours: 24, troubles: [] });
    const shown = Object.fromEntries(items.map(({ what, state, evidence }) => [what, `${state} ${evidence}`]));
    for (const [what, line] of [
      ["the environment keeps its contract", "done 9 variables, 4 under contract"],
      ["every database is backed up, and its rows are counted", "done b1: monthly_kpis 7320; SHA-256 e3f56830d135"],
      ["units were made anew, not only restarted", "done new: hub@r14 (PM2 id 5); stopped: hub@r13 (PM2 id 0)"],
      ["health answers, inside and through the public address", "done hub@r14, https://hub.example/status 200"],
      ["the database is reached, and its data is complete", "done main: monthly_kpis 7320, instituciones 54"],
      ["memory is below its limit", "done hub@r14 120 MiB of 300 MiB, 40 % of its limit"],
      ["the log is clean", "done 12 lines read"],
      ["the process list is saved", "done saved"],
      ["it starts with the server", "done pm2-deploy.service"],
      ["health, restarts and memory are watched for the first 24 hours", "done 1440 looks in 24.0 h: all was well"],
      ["the application works", "unasked "],
    ] as const)
      assert.equal(shown[what], line, what);
  });

  it("does not tick what failed, was taken back or was not reached, nor a day that is not over or went badly", () => {
    const items = checklist(
      entries(
        ended("prepare.stage", { artifacts: { web: "sha256:aae4c7c14808aa5f9c061caf08b79370" } }),
        { type: "step.failed", step: "prove.health", durationMs: 9, failure: { message: "it answers 502" } },
        { type: "undo.ended", step: "prepare.stage", durationMs: 9, evidence: {} },
        finished("undone", "prove.health"),
      ),
      english,
      null,
    );
    assert.deepEqual([find(items, "health answers")?.state, find(items, "health answers")?.evidence], ["failed", "it answers 502"]);
    assert.equal(find(items, "pinned by its digests")?.state, "undone");
    assert.equal(find(items, "the log is clean")?.state, "unreached");
    assert.equal(find(items, "first 24 hours"), undefined);
    const day = (hours: number, troubles: string[]): string | undefined =>
      find(checklist(well, english, { looks: 60, hours, troubles }), "first 24 hours")?.state;
    assert.deepEqual([day(1, []), day(24, ["units were begun anew 2 times"])], ["running", "failed"]);
    assert.equal(find(checklist(well, english, null), "first 24 hours")?.state, "unreached");
  });

  it("stands in the Markdown report, in the reader's language", async () => {
    assert.match(markdownReport(well), /## Checklist[^]*\| ✓ \| the log is clean \| 12 lines read \| 15:01:47 \|/);
    const spanish = markdownReport(well, await sayIn("es"));
    assert.match(spanish, /## Lista de comprobación[^]*\| ✓ \| el registro está limpio \| 12 líneas leídas \| 15:01:47 \|/);
  });
});

describe("the HTML report", () => {
  it("is one file that asks nobody for anything, and takes what programs said as text", async () => {
    const failure = { message: "<script>alert(1)</script>", hint: "look", evidence: { log: "a <b>\n\n  c" } };
    const page = htmlReport(
      entries({ type: "step.failed", step: "prove.health", durationMs: 1, failure }, finished("undone", "prove.health")),
      await sayIn("es"),
      null,
    );
    assert.match(page, /^<!doctype html>\n<html lang="es">/);
    assert.match(page, /<strong class="undone">deshecho<\/strong>/);
    assert.doesNotMatch(page, /<script|<link|src=|href=|url\(|@import/);
    assert.match(page, /<pre>a &#60;b&#62;\n\n {2}c<\/pre>/);
  });

  it("says that there is none when there is none", () => {
    assert.match(htmlReport([], english, null), /No deployment was started/);
  });
});
