import type { Job } from "./jobs.ts";
import type { Run } from "./runs.ts";
import { latestSlot, slotsBetween } from "./slots.ts";

const minute = 60_000;
/** A run that failed is tried again after this long, and a slot so often in all. */
export const retry = { after: 15 * minute, attempts: 4 } as const;

/** A run that has to be begun. */
export interface Due {
  slot: Date;
  attempt: number;
  /** Slots before this one for which nothing ran: the machine was off, or the one before took too long. */
  missed: number;
}

/**
 * Pure: what a job owes at a moment, given its runs. However many slots were missed, one run makes them up. A slot later than now is
 * none that counts: the clock was set back since.
 */
export function dueRun(job: Job, runs: readonly Run[], since: Date, now: Date): Due | undefined {
  const slot = latestSlot(job, now);
  if (slot === undefined) return undefined;
  const mine = runs.filter((run) => run.job === job.name);
  if (mine.some(isUnderWay)) return undefined;
  const newest = mine
    .filter((run) => run.slot <= now)
    .toSorted((a, b) => a.slot.getTime() - b.slot.getTime() || a.attempt - b.attempt)
    .at(-1);
  if (newest === undefined || newest.slot < slot) {
    const from = newest?.slot ?? since;
    return slot <= from ? undefined : { slot, attempt: 1, missed: slotsBetween(job, from, slot) };
  }
  if (newest.state === "done" || newest.attempt >= retry.attempts) return undefined;
  const waited = newest.state === "interrupted" || newest.endedAt === null || now.getTime() - newest.endedAt.getTime() >= retry.after;
  return waited ? { slot, attempt: newest.attempt + 1, missed: 0 } : undefined;
}

export function isUnderWay(run: Run): boolean {
  return run.state === "claimed" || run.state === "running";
}
