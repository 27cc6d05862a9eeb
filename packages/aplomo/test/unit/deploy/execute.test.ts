import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AplomoError, InterruptedError } from "../../../src/base/errors.ts";
import type { Event } from "../../../src/base/events.ts";
import { complete, execute, undo } from "../../../src/deploy/execute.ts";
import { GateError } from "../../../src/deploy/gates/gate.ts";
import { entriesOf, fails, stage, type Part } from "./rehearsal.ts";

const commit: Part = { id: "keep.current", phase: "keep", undo: false };
const parts: Part[] = [
  { id: "prepare.a", phase: "prepare", undo: false },
  { id: "prepare.b", phase: "prepare" },
  { id: "change.c" },
  { id: "change.d", undo: false },
  { id: "switch.e", phase: "switch" },
  { id: "prove.f", phase: "prove", undo: false },
  commit,
  { id: "keep.g", phase: "keep", undo: false },
];
const undoable = new Set(["prepare.b", "change.c", "switch.e"]);
const finishes = (events: readonly Event[]): Event[] => events.filter((event) => event.type === "deployment.finished");

it("runs every step once, journals before it tells, and ends with one deployment.finished", async () => {
  const { execution, done, events, journal } = stage(parts);
  const finished = await execute(execution);
  assert.deepEqual(
    done,
    parts.map((part) => `run ${part.id}`),
  );
  assert.deepEqual(finished, {
    type: "deployment.finished",
    deployment: "d2",
    outcome: "deployed",
    release: "r2",
    previous: "r1",
    durationMs: 10_000,
    failedStep: null,
    rowsLost: 0,
  });
  assert.deepEqual(events, journal);
  assert.deepEqual(events.at(-1), finished);
  assert.equal(finishes(events).length, 1);
});

describe("a failure", () => {
  it("is explained before anything is taken back, and its causes are journalled with it", async () => {
    const { execution, done, journal } = stage(parts.map((one) => (one.id === "switch.e" ? { ...one, run: fails("full") } : one)));
    const cause = { rule: "disk-full", subject: "/", message: "full", evidence: [], next: "Free it." };
    await execute({ ...execution, explain: async (_work, step, { message }) => (done.push(`explain ${step}: ${message}`), [cause]) });
    assert.deepEqual(done.slice(4, 7), ["run switch.e", "explain switch.e: full", "undo switch.e"]);
    const failed = journal.find((event) => event.type === "step.failed");
    assert.deepEqual(failed?.type === "step.failed" && failed.failure, { message: "full", causes: [cause] });
  });

  for (const [index, part] of parts.slice(0, 7).entries())
    it(`at ${part.id} takes back exactly what was begun, the last first`, async () => {
      const failing = parts.map((one) => (one.id === part.id ? { ...one, run: fails("full") } : one));
      const { execution, done, events } = stage(failing);
      const finished = await execute(execution);
      const begun = parts.slice(0, index + 1).map((one) => one.id);
      assert.deepEqual(done, [
        ...begun.map((id) => `run ${id}`),
        ...begun
          .filter((id) => undoable.has(id))
          .toReversed()
          .map((id) => `undo ${id}`),
      ]);
      assert.equal(finished.outcome, index < 2 ? "refused" : "undone");
      assert.equal(finished.failedStep, part.id);
      assert.equal(events.at(-1)?.type, "deployment.finished");
      assert.equal(finishes(events).length, 1);
      const failed = events.find((event) => event.type === "step.failed");
      assert.ok(failed?.type === "step.failed" && failed.failure.message === "full");
    });

  it("behind the commit only warns, and the rest is done", async () => {
    const { execution, done, events } = stage([
      commit,
      { id: "keep.g", phase: "keep", run: fails("busy") },
      { id: "keep.h", phase: "keep" },
    ]);
    const finished = await execute(execution);
    assert.deepEqual(done, ["run keep.current", "run keep.g", "run keep.h"]);
    assert.deepEqual([finished.outcome, finished.failedStep], ["deployed", null]);
    const warning = events.find((event) => event.type === "warning");
    assert.ok(warning?.type === "warning" && warning.message === "busy");
    assert.equal(events.at(-1)?.type, "deployment.finished");
  });

  it("says hint and evidence of what failed", async () => {
    const gate = new GateError("health", "web", "it is ill", { unit: "web", exitCode: 1 }, "look");
    const { execution, events } = stage([{ id: "a", run: () => Promise.reject(gate) }]);
    await execute(execution);
    const failed = events.find((event) => event.type === "step.failed");
    assert.ok(failed?.type === "step.failed");
    assert.deepEqual(failed.failure, {
      message: "could not pass the health gate with web: it is ill",
      hint: "look",
      evidence: { unit: "web", exitCode: 1 },
    });
  });

  it("that cannot be undone is stuck, and nothing before it is taken back", async () => {
    const hint = new AplomoError({ operation: "return to", subject: "r1", hint: "decide" });
    const { execution, done, events } = stage([{ id: "a" }, { id: "b", undo: () => Promise.reject(hint) }, { id: "c", run: fails() }]);
    const finished = await execute(execution);
    assert.deepEqual(done.slice(3), ["undo c", "undo b"]);
    assert.deepEqual([finished.outcome, finished.failedStep], ["stuck", "c"]);
    const failed = events.find((event) => event.type === "undo.failed");
    assert.ok(failed?.type === "undo.failed");
    assert.deepEqual([failed.step, failed.failure.hint], ["b", "decide"]);
    assert.equal(events.at(-1)?.type, "deployment.finished");
  });

  it("counts the rows that undoing lost", async () => {
    const { execution } = stage([
      { id: "a", undo: () => ({ rowsLost: 3 }) },
      { id: "b", undo: () => ({ rowsLost: 4 }) },
      { id: "c", run: fails() },
    ]);
    assert.equal((await execute(execution)).rowsLost, 7);
  });
});

describe("an interruption", () => {
  const interrupted = new InterruptedError({ operation: "go on with", subject: "the command", cause: "it was interrupted" });

  it("lets no further step act, and what was begun is taken back with a signal of its own", async () => {
    let aborted: boolean | undefined;
    const on = stage([
      { id: "a", run: () => (on.stop.abort(interrupted), {}), undo: ({ ctx }) => ((aborted = ctx.signal.aborted), {}) },
      { id: "b" },
    ]);
    const finished = await execute(on.execution);
    assert.deepEqual(on.done, ["run a", "undo b", "undo a"]);
    assert.deepEqual([finished.outcome, finished.failedStep, aborted], ["undone", "b", false]);
  });

  it("behind the commit changes nothing", async () => {
    const on = stage([
      commit,
      { id: "keep.g", phase: "keep", run: ({ ctx }) => (on.stop.abort(interrupted), ctx.signal.throwIfAborted(), {}) },
      { id: "keep.h", phase: "keep" },
    ]);
    assert.equal((await execute(on.execution)).outcome, "deployed");
    assert.deepEqual(on.done, ["run keep.current", "run keep.g", "run keep.h"]);
  });
});

it("a step learns what earlier ones recorded and which were begun, also before a crash", async () => {
  const seen: unknown[] = [];
  const before = entriesOf([
    { type: "step.started", step: "x", phase: "change", title: "x" },
    { type: "step.ended", step: "x", durationMs: 1, evidence: { n: 1 } },
    { type: "step.started", step: "y", phase: "change", title: "y" },
  ]);
  const look: Part = {
    id: "z",
    run: (work) => {
      seen.push(work.evidenceOf("x"), work.evidenceOf("y"), work.wasStarted("y"), work.wasStarted("w"), work.wasStarted("z"));
      work.progress("half", 1, 2);
      work.progress("on");
      return {};
    },
  };
  const { execution, events } = stage([look], before);
  await execute(execution);
  assert.deepEqual(seen, [{ n: 1 }, undefined, true, false, true]);
  assert.deepEqual(events.slice(1, 3), [
    { type: "step.progress", step: "z", message: "half", done: 1, total: 2 },
    { type: "step.progress", step: "z", message: "on" },
  ]);
});

describe("after a crash", () => {
  const begun = (...ids: string[]): Event[] => ids.map((step) => ({ type: "step.started", step, phase: "change", title: step }));

  it("undo goes on where it stopped, and takes back a step whose undo was begun only", async () => {
    const entries = entriesOf([
      ...begun("a", "b", "c"),
      { type: "undo.started", step: "c", title: "" },
      { type: "undo.ended", step: "c", durationMs: 1, evidence: { rowsLost: 2 } },
      { type: "undo.started", step: "b", title: "" },
    ]);
    const { execution, done } = stage([{ id: "a" }, { id: "b" }, { id: "c" }, { id: "d" }], entries);
    const finished = await undo(execution, "c");
    assert.deepEqual(done, ["undo b", "undo a"]);
    assert.deepEqual([finished.outcome, finished.failedStep, finished.rowsLost], ["undone", "c", 2]);
  });

  it("undo of nothing begun touched nothing", async () => {
    assert.equal((await undo(stage([{ id: "a" }]).execution, null)).outcome, "refused");
  });

  it("complete does what is left behind the commit, each once, and never undoes", async () => {
    const entries = entriesOf([
      ...begun("change.c", "keep.current", "keep.g"),
      { type: "step.ended", step: "keep.current", durationMs: 1, evidence: {} },
    ]);
    const { execution, done, events } = stage([...parts.slice(2), { id: "keep.h", phase: "keep", run: fails() }], entries);
    const finished = await complete(execution);
    assert.deepEqual(done, ["run keep.g", "run keep.h"]);
    assert.deepEqual([finished.outcome, finished.failedStep], ["deployed", null]);
    assert.equal(finishes(events).length, 1);
  });
});

it("what the journal does not take is not told, and nothing is done on it", async () => {
  const { execution, done, events } = stage([{ id: "a" }, { id: "b" }]);
  execution.journal.append = fails("disk full");
  await assert.rejects(execute(execution), /disk full/);
  assert.deepEqual([done, events], [[], []]);
});
