import assert from "node:assert/strict";
import { test } from "node:test";
import { dueRun, retry } from "../../../src/agent/due.ts";
import type { Job } from "../../../src/agent/jobs.ts";
import type { Run } from "../../../src/agent/runs.ts";
import { latestSlot, nextSlot, slotsBetween, widestGap } from "../../../src/agent/slots.ts";

const at = (text: string): Date => new Date(text);
const job: Job = { name: "backup", cron: "30 2 * * *", zone: "Europe/Madrid", argv: ["backup", "run"] };
const since = at("2026-10-01T00:00:00Z");
const run = (slot: string, more: Partial<Run> = {}): Run => ({
  id: slot,
  folder: slot,
  job: "backup",
  slot: at(slot),
  attempt: 1,
  argv: job.argv,
  missed: 0,
  state: "done",
  exitCode: 0,
  startedAt: at(slot),
  endedAt: at(slot),
  ...more,
});

test("a time that the clock skips comes after the gap, one that comes twice counts once", () => {
  assert.equal(nextSlot(job, at("2027-03-28T00:00:00Z"))?.toISOString(), "2027-03-28T01:30:00.000Z");
  const autumn = ["2026-10-25T00:29:59Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T01:31:00Z"];
  assert.deepEqual(
    autumn.map((now) => latestSlot(job, at(now))?.toISOString()),
    ["2026-10-24T00:30:00.000Z", ...Array.from({ length: 3 }, () => "2026-10-25T00:30:00.000Z")],
  );
  assert.equal(slotsBetween(job, at("2026-10-24T00:30:00Z"), at("2026-10-27T01:30:00Z")), 2);
  assert.equal(widestGap(job, at("2026-10-01T00:00:00Z")), 25 * 3_600_000);
});

test("a slot is due from its moment on, once", () => {
  const before = [run("2026-11-21T01:30:00Z")];
  assert.equal(dueRun(job, before, since, at("2026-11-22T01:29:59.999Z")), undefined);
  assert.deepEqual(dueRun(job, before, since, at("2026-11-22T01:30:00.000Z")), {
    slot: at("2026-11-22T01:30:00Z"),
    attempt: 1,
    missed: 0,
  });
  assert.equal(dueRun(job, [...before, run("2026-11-22T01:30:00Z")], since, at("2026-11-22T20:00:00Z")), undefined);
});

test("what was never to run is not missed: slots before the application was added", () => {
  assert.equal(dueRun(job, [], at("2026-11-22T12:00:00Z"), at("2026-11-22T13:00:00Z")), undefined);
  assert.equal(dueRun(job, [], at("2026-11-22T12:00:00Z"), at("2026-11-23T12:00:00Z"))?.missed, 0);
});

test("after an outage one run makes up for all", () => {
  assert.deepEqual(dueRun(job, [run("2026-11-18T01:30:00Z")], since, at("2026-11-22T09:00:00Z")), {
    slot: at("2026-11-22T01:30:00Z"),
    attempt: 1,
    missed: 3,
  });
});

test("nothing is due while one is under way, however long it takes", () => {
  for (const state of ["claimed", "running"] as const)
    assert.equal(dueRun(job, [run("2026-11-20T01:30:00Z", { state })], since, at("2026-11-22T09:00:00Z")), undefined);
});

test("an interrupted run is repeated at once, a failed one after a while, neither for ever", () => {
  const now = at("2026-11-22T01:40:00Z");
  const slot = "2026-11-22T01:30:00Z";
  assert.equal(dueRun(job, [run(slot, { state: "interrupted", endedAt: null })], since, now)?.attempt, 2);
  const failed = run(slot, { state: "failed", exitCode: 1, endedAt: at("2026-11-22T01:31:00Z") });
  assert.equal(dueRun(job, [failed], since, now), undefined);
  assert.equal(dueRun(job, [failed], since, at("2026-11-22T01:46:00Z"))?.attempt, 2);
  assert.equal(dueRun(job, [{ ...failed, attempt: retry.attempts }], since, at("2026-11-22T09:00:00Z")), undefined);
  assert.equal(dueRun(job, [{ ...failed, attempt: retry.attempts }], since, at("2026-11-23T09:00:00Z"))?.attempt, 1);
});

test("a clock that was wrong for a while stops nothing", () => {
  const early = run("2031-01-01T01:30:00Z");
  const runs = [run("2026-11-21T01:30:00Z"), early];
  assert.equal(dueRun(job, runs, since, at("2026-11-22T01:30:00Z"))?.slot.toISOString(), "2026-11-22T01:30:00.000Z");
  // Set back by a few minutes: the slot has its run.
  const two = [run("2026-11-22T01:30:00Z"), run("2026-11-21T01:30:00Z")];
  assert.equal(dueRun(job, two, since, at("2026-11-22T01:25:00Z")), undefined);
});
