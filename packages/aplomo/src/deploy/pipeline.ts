import { join } from "node:path";
import type { Config } from "../config/config.ts";
import type { Context } from "../host/context.ts";
import { readInputs, writeInputs } from "./deployments.ts";
import { complete, execute, isFinal, record, undo, type Execution, type Finished } from "./execute.ts";
import { refuseBrokenEnvironment } from "./environment.ts";
import type { Facts } from "./facts.ts";
import { openJournal, type Entry, type Journal } from "./journal.ts";
import { makesRelease, observe, type Request } from "./observe.ts";
import type { AppPaths } from "./paths.ts";
import { notes, plan, type Abilities } from "./plan.ts";
import { currentRelease } from "./releases.ts";
import { openSession, type Session } from "./session.ts";
import { describe, type Step } from "./step.ts";
import { lockTimeoutsOf } from "./steps/change.ts";
import { commitStep } from "./steps/keep.ts";

/** A plan as it is printed, and the very steps that will be executed. */
export interface Planned {
  facts: Facts;
  steps: Step[];
  notes: string[];
}

export async function makePlan(session: Session, request: Request): Promise<Planned> {
  // A fault of the environment is one of the configuration: it is told before anything is looked at.
  if (makesRelease(request)) await refuseBrokenEnvironment(session.config);
  const facts = await observe(session, request);
  const steps = plan(facts, session.config.settings, abilities(session));
  return { facts, steps, notes: notes(facts, steps, session.edge.capabilities) };
}

export function announce(session: Session, { facts, steps, notes: said }: Planned): void {
  const { app, release, previous } = facts;
  session.ctx.emit({
    type: "deployment.planned",
    app,
    release: release.id,
    previous: previous?.id ?? null,
    steps: steps.map(describe),
    notes: said,
  });
}

/** Executes a plan. The caller holds the application's lock. */
export async function carryOut(session: Session, planned: Planned, open: OpenJournal = openJournal): Promise<Finished> {
  const { facts, steps } = planned;
  const folder = await writeInputs(session.paths, session.config, facts);
  const journal = await open(folder, session.ctx.now);
  try {
    const execution = bindExecution(session, facts, steps, journal, []);
    const { deployment, app, action, release, previous } = facts;
    record(execution, { type: "deployment.started", deployment, app, action, release: release.id, previous: previous?.id ?? null });
    return await execute(execution);
  } finally {
    journal.close();
  }
}

/** Finishes or undoes a deployment that a crash or an open decision has left. The caller holds the application's lock. */
export async function recover(
  ctx: Context,
  paths: AppPaths,
  left: { id: string; entries: Entry[] },
  options: RecoverOptions = {},
): Promise<Finished> {
  const inputs = await readInputs(paths, left.id);
  if (!inputs) throw new Error(`deployment ${left.id} has a journal but no inputs`);
  // Written by an Aplomo that knew no edges.
  const known = { ...inputs.settings, edge: inputs.settings.edge ?? { kind: "none" } };
  const settings = options.data === undefined ? known : { ...known, on_conflict: options.data };
  // The environment is part of the release's folder by now: going back needs nothing of the env file.
  const config: Config = { file: inputs.file, directory: inputs.directory, settings, environment: new Map() };
  const session = await openSession(ctx, config);
  const journal = await (options.open ?? openJournal)(join(paths.deployments, left.id), ctx.now);
  try {
    const steps = plan(inputs.facts, settings, abilities(session));
    const execution = bindExecution(session, inputs.facts, steps, journal, left.entries);
    const final = isFinal(left.entries) || (wasCommitting(left.entries) && (await currentRelease(paths))?.id === inputs.facts.release.id);
    record(execution, { type: "recovery.started", deployment: left.id, decision: final ? "finish" : "undo" });
    const failed = left.entries.findLast((entry) => entry.type === "step.failed");
    return await (final ? complete(execution) : undo(execution, failed?.type === "step.failed" ? failed.step : lastBegun(left.entries)));
  } finally {
    journal.close();
  }
}

export interface RecoverOptions {
  /** A person's answer to `on_conflict: ask`. */
  data?: "keep" | "restore";
  open?: OpenJournal;
}

/** How a journal is opened: the crash tests put one there that dies after so many lines. */
export type OpenJournal = (folder: string, now: () => Date) => Promise<Journal>;

/** The crash may have come between the link and the journal: then the link is the truth, unless undoing had begun. */
function wasCommitting(entries: readonly Entry[]): boolean {
  const undoing = entries.some((entry) => entry.type === "undo.started");
  return !undoing && entries.some((entry) => entry.type === "step.started" && entry.step === commitStep);
}

function lastBegun(entries: readonly Entry[]): string | null {
  const last = entries.findLast((entry) => entry.type === "step.started");
  return last?.type === "step.started" ? last.step : null;
}

function abilities(session: Session): Abilities {
  return {
    target: session.target.capabilities,
    edge: session.edge.capabilities,
    lockTimeoutEnv: lockTimeoutsOf(session.databases),
  };
}

function bindExecution(session: Session, facts: Facts, steps: Step[], journal: Journal, entries: Entry[]): Execution {
  const { ctx, config, paths, target, edge, databases, openers } = session;
  return {
    steps,
    journal,
    entries,
    edgeFor: (fresh) => openers.edge(fresh),
    databasesFor: (fresh) => openers.databases(fresh),
    // Loaded when something failed: most deployments do without.
    explain: async (work, step, failure) => (await import("./diagnosis.ts")).explain(work, step, failure),
    work: { ctx, config, facts, paths, target, edge, databases },
  };
}
