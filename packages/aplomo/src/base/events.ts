/** The phases of a deployment, in order. */
export const phases = ["prepare", "protect", "rehearse", "change", "switch", "prove", "keep"] as const;
export type Phase = (typeof phases)[number];

/** How a deployment ended. `rehearsed`: it was performed on a copy alone; `refused`: nothing was touched; `stuck`: a person is needed. */
export type Outcome = "deployed" | "rehearsed" | "undone" | "refused" | "stuck";

/** Facts that support a claim: plain JSON, nothing secret. */
export type Evidence = { [name: string]: Json };
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A failure as it stands in events, journal and report. */
export interface FailureNote {
  message: string;
  hint?: string;
  evidence?: Evidence;
  /** Why it failed, as far as what was there shows it: as `aplomo doctor` tells it. */
  causes?: CauseNote[];
}

/** A cause of trouble, with what shows it and the next act. */
export interface CauseNote {
  /** Its rule: docs/TROUBLESHOOTING.md. */
  rule: string;
  subject: string;
  message: string;
  evidence: string[];
  next: string;
}

/** One step as the plan lists it. */
export interface StepNote {
  id: string;
  phase: Phase;
  title: string;
  /** Sentences a reader may want before agreeing. */
  details?: string[];
  /** Milliseconds during which requests fail or wait, as far as is known. */
  interrupts?: number;
}

/** Every event Aplomo emits; `docs/EVENTS.md` documents them field by field and a test holds the two together. */
export type Event =
  | { type: "deployment.planned"; app: string; release: string; previous: string | null; steps: StepNote[]; notes: string[] }
  | { type: "deployment.started"; deployment: string; app: string; action: string; release: string; previous: string | null }
  | { type: "step.started"; step: string; phase: Phase; title: string }
  | { type: "step.progress"; step: string; message: string; done?: number; total?: number }
  | { type: "step.ended"; step: string; durationMs: number; evidence: Evidence }
  | { type: "step.failed"; step: string; durationMs: number; failure: FailureNote }
  | { type: "undo.started"; step: string; title: string }
  | { type: "undo.ended"; step: string; durationMs: number; evidence: Evidence }
  | { type: "undo.failed"; step: string; durationMs: number; failure: FailureNote }
  | { type: "recovery.started"; deployment: string; decision: "finish" | "undo" }
  | {
      type: "deployment.finished";
      deployment: string;
      outcome: Outcome;
      release: string;
      previous: string | null;
      durationMs: number;
      failedStep: string | null;
      rowsLost: number;
    }
  | { type: "progress"; subject: string; message: string; done?: number; total?: number }
  | { type: "warning"; message: string; hint?: string }
  | { type: "result"; command: string; data: Json }
  | { type: "error"; message: string; hint?: string; exitCode: number };

export type Emit = (event: Event) => void;
