import { AplomoError, reason } from "../base/errors.ts";
import type { CauseNote, Event, FailureNote, Outcome } from "../base/events.ts";
import type { Database } from "../databases/contract.ts";
import type { Edge } from "../edges/contract.ts";
import type { Context } from "../host/context.ts";
import { awaken } from "./awaken.ts";
import type { Entry, Journal } from "./journal.ts";
import type { Step, Work } from "./step.ts";
import { commitStep } from "./steps/keep.ts";

/** How a deployment ended, as its last event says it. */
export type Finished = Extract<Event, { type: "deployment.finished" }>;

/** A plan under way: its steps, what they work with, and the record of what was done. */
export interface Execution {
  steps: readonly Step[];
  work: Omit<Work, "evidenceOf" | "wasStarted" | "progress">;
  journal: Journal;
  /** Opens the databases, and the edge, anew for another context: a driver heeds the signal it was opened with, and undoing must not be ended by Ctrl-C. */
  databasesFor?: (ctx: Context) => Database[];
  edgeFor?: (ctx: Context) => Edge;
  /** What the journal holds already, after a crash. */
  entries: Entry[];
  /** Finds out why a step failed, as long as what failed is there; never throws. */
  explain?: (work: Work, step: string, failure: FailureNote) => Promise<CauseNote[]>;
}

/** Runs every step; after a rehearsal, and on a failure before the commit undoes those begun, in reverse. Always ends with one `deployment.finished`. */
export async function execute(execution: Execution): Promise<Finished> {
  const failed = await runSteps(execution, execution.steps);
  if (failed !== null || execution.work.facts.action === "rehearse") return undo(execution, failed);
  return finish(execution, "deployed", null);
}

/** Goes on after a crash behind the commit: what is left to do is tidying. */
export async function complete(execution: Execution): Promise<Finished> {
  const done = new Set(execution.entries.flatMap((entry) => (entry.type === "step.ended" ? [entry.step] : [])));
  await runSteps(
    execution,
    execution.steps.filter((step) => step.phase === "keep" && !done.has(step.id)),
  );
  return finish(execution, "deployed", null);
}

/** Takes back every step that was begun, in reverse, each journalled; a step that cannot be taken back leaves the deployment stuck. */
export async function undo(execution: Execution, failed: string | null): Promise<Finished> {
  const { entries, steps } = execution;
  const begun = new Set(entries.flatMap((entry) => (entry.type === "step.started" ? [entry.step] : [])));
  const undone = new Set(entries.flatMap((entry) => (entry.type === "undo.ended" ? [entry.step] : [])));
  if (touched(execution)) await awaken(bind(execution, "", new AbortController().signal));
  for (const step of steps.toReversed()) {
    if (!step.undo || !begun.has(step.id) || undone.has(step.id)) continue;
    record(execution, { type: "undo.started", step: step.id, title: step.undoTitle ?? `take back: ${step.title}` });
    const started = performance.now();
    const took = (): number => Math.round(performance.now() - started);
    try {
      // What was begun is taken back also after Ctrl-C: undoing listens to no signal.
      const work = bind(execution, step.id, new AbortController().signal);
      const evidence = await step.undo(work);
      record(execution, { type: "undo.ended", step: step.id, durationMs: took(), evidence });
    } catch (error) {
      record(execution, { type: "undo.failed", step: step.id, durationMs: took(), failure: note(error) });
      return finish(execution, "stuck", failed);
    }
  }
  if (touched(execution)) return finish(execution, "undone", failed);
  return finish(execution, failed === null && execution.work.facts.action === "rehearse" ? "rehearsed" : "refused", failed);
}

/** The id of the step that failed, or null. */
async function runSteps(execution: Execution, steps: readonly Step[]): Promise<string | null> {
  let final = isFinal(execution.entries);
  for (const step of steps) {
    record(execution, { type: "step.started", step: step.id, phase: step.phase, title: step.title });
    const started = performance.now();
    const took = (): number => Math.round(performance.now() - started);
    try {
      // Behind the commit the new release is the truth: Ctrl-C then only waits for the tidying.
      const signal = final ? new AbortController().signal : execution.work.ctx.signal;
      signal.throwIfAborted();
      const evidence = await step.run(bind(execution, step.id, signal));
      record(execution, { type: "step.ended", step: step.id, durationMs: took(), evidence });
    } catch (error) {
      const durationMs = took();
      record(execution, { type: "step.failed", step: step.id, durationMs, failure: await explained(execution, step.id, error) });
      if (!final) return step.id;
      execution.work.ctx.emit({ type: "warning", message: reason(error), hint: "the release is in front; this is left to tidy up" });
    }
    final ||= step.id === commitStep;
  }
  return null;
}

/** Whether the release was made current before the crash. */
export function isFinal(entries: readonly Entry[]): boolean {
  return entries.some((entry) => entry.type === "step.ended" && entry.step === commitStep);
}

function bind(execution: Execution, step: string, signal: AbortSignal): Work {
  const { entries, work, databasesFor, edgeFor } = execution;
  const ctx = { ...work.ctx, signal };
  const own = signal === work.ctx.signal;
  return {
    ...work,
    ctx,
    edge: own ? work.edge : (edgeFor?.(ctx) ?? work.edge),
    databases: own ? work.databases : (databasesFor?.(ctx) ?? work.databases),
    evidenceOf: (id) => entries.findLast((entry) => isEndOf(entry, id))?.evidence,
    wasStarted: (id) => entries.some((entry) => entry.type === "step.started" && entry.step === id),
    progress: (message, done, total) =>
      work.ctx.emit({
        type: "step.progress",
        step,
        message,
        ...(done === undefined ? {} : { done }),
        ...(total === undefined ? {} : { total }),
      }),
  };
}

function isEndOf(entry: Entry, step: string): entry is Extract<Entry, { type: "step.ended" }> {
  return entry.type === "step.ended" && entry.step === step;
}

/** To the journal first, then to whoever listens: nothing is shown that a power cut could unsay. */
export function record(execution: Execution, event: Event): void {
  execution.journal.append(event);
  execution.entries.push({ seq: execution.entries.length, at: execution.work.ctx.now().toISOString(), ...event });
  execution.work.ctx.emit(event);
}

function finish(execution: Execution, outcome: Outcome, failedStep: string | null): Finished {
  const { facts, ctx } = execution.work;
  const finished: Finished = {
    type: "deployment.finished",
    deployment: facts.deployment,
    outcome,
    release: facts.release.id,
    previous: facts.previous?.id ?? null,
    durationMs: ctx.now().getTime() - new Date(facts.startedAt).getTime(),
    failedStep,
    rowsLost: execution.entries.reduce(
      (sum, entry) => sum + (entry.type === "undo.ended" ? Number(entry.evidence["rowsLost"] ?? 0) : 0),
      0,
    ),
  };
  record(execution, finished);
  return finished;
}

/** Whether production was changed at all before it was taken back. */
function touched(execution: Execution): boolean {
  const changing = new Set(execution.steps.filter((step) => step.phase === "change" || step.phase === "switch").map((step) => step.id));
  return execution.entries.some((entry) => entry.type === "step.started" && changing.has(entry.step));
}

/** With its causes, found before anything is taken back; who was interrupted knows the cause. */
async function explained(execution: Execution, step: string, error: unknown): Promise<FailureNote> {
  const failure = note(error);
  const { signal } = execution.work.ctx;
  if (signal.aborted) return failure;
  const causes = (await execution.explain?.(bind(execution, step, signal), step, failure)) ?? [];
  return causes.length > 0 ? { ...failure, causes } : failure;
}

function note(error: unknown): FailureNote {
  if (!(error instanceof AplomoError)) return { message: reason(error) };
  return {
    message: error.message,
    ...(error.hint ? { hint: error.hint } : {}),
    ...(error.evidence ? { evidence: error.evidence } : {}),
  };
}
