import type { Evidence, Phase, StepNote } from "../base/events.ts";
import type { Config } from "../config/config.ts";
import type { Database } from "../databases/contract.ts";
import type { Context } from "../host/context.ts";
import type { Edge } from "../edges/contract.ts";
import type { Target } from "../targets/contract.ts";
import type { Facts } from "./facts.ts";
import type { AppPaths } from "./paths.ts";

/** What a step works with. */
export interface Work {
  ctx: Context;
  config: Config;
  facts: Facts;
  paths: AppPaths;
  target: Target;
  edge: Edge;
  databases: Database[];
  /** What an earlier step of this deployment recorded, also before a crash; undefined when it has not ended. */
  evidenceOf(step: string): Evidence | undefined;
  /** Whether a step of this deployment was begun, also before a crash. */
  wasStarted(step: string): boolean;
  progress(message: string, done?: number, total?: number): void;
}

/**
 * One step of a deployment, as data: the plan prints it and executes it. `run` and `undo` may each be called again after a
 * crash half-way and then end as if called once; `undo` copes with a `run` that never began to act.
 */
export interface Step {
  id: string;
  phase: Phase;
  /** Completes "will ...": `stop r12`. */
  title: string;
  details?: string[];
  /** Milliseconds during which requests fail. */
  interrupts?: number;
  /** Milliseconds during which they wait at the edge, and none fails. */
  waits?: number;
  /** Acts, or observes and throws; what it returns proves what it did. */
  run(work: Work): Promise<Evidence>;
  /** Steps without it change nothing that would have to be taken back. */
  undo?(work: Work): Promise<Evidence>;
  /** What `undo` does, in words: `start r12 again`. */
  undoTitle?: string;
}

/** What the plan shows of a step. */
export function describe(step: Step): StepNote {
  return {
    id: step.id,
    phase: step.phase,
    title: step.title,
    ...(step.details ? { details: step.details } : {}),
    ...(step.interrupts === undefined ? {} : { interrupts: step.interrupts }),
  };
}
