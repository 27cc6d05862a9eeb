import type { Event, Evidence } from "../../../src/base/events.ts";
import type { Execution } from "../../../src/deploy/execute.ts";
import type { Entry, Journal } from "../../../src/deploy/journal.ts";
import type { Step, Work } from "../../../src/deploy/step.ts";
import { facts } from "./facts.ts";

/** What a step of a test does when it is run or undone; default: nothing, and it has an undo. */
export interface Part {
  id: string;
  phase?: Step["phase"];
  run?: (work: Work) => Promise<Evidence> | Evidence;
  undo?: ((work: Work) => Promise<Evidence> | Evidence) | false;
}

/** Steps that note what is done, executed with a journal in memory. */
export interface Stage {
  execution: Execution;
  /** `run a`, `undo a`, in the order they happened. */
  done: string[];
  events: Event[];
  journal: Event[];
  stop: AbortController;
}

export function stage(parts: readonly Part[], entries: Entry[] = []): Stage {
  const done: string[] = [];
  const events: Event[] = [];
  const journal: Event[] = [];
  const stop = new AbortController();
  const steps = parts.map((part): Step => {
    const phase = part.phase ?? "change";
    const base = {
      id: part.id,
      phase,
      title: part.id,
      run: async (work: Work) => (done.push(`run ${part.id}`), (await part.run?.(work)) ?? {}),
    };
    const { undo } = part;
    if (undo === false) return base;
    return { ...base, undo: async (work) => (done.push(`undo ${part.id}`), (await undo?.(work)) ?? {}) };
  });
  const memory: Journal = { append: (event) => void journal.push(event), close: () => {} };
  const ctx = {
    emit: (event: Event) => void events.push(event),
    signal: stop.signal,
    now: () => new Date("2026-11-22T15:45:10.000Z"),
    home: "/none",
  };
  const work = { ctx, facts: facts(), target: {}, databases: [] } as unknown as Execution["work"];
  return { execution: { steps, work, journal: memory, entries }, done, events, journal, stop };
}

export function fails(message = "no"): () => never {
  return () => {
    throw new Error(message);
  };
}

/** Entries as a journal would hold them. */
export function entriesOf(events: readonly Event[]): Entry[] {
  return events.map((event, seq) => ({ seq, at: "2026-11-22T15:45:00.000Z", ...event }));
}
