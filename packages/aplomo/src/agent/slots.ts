import { Cron } from "croner";
import type { Job } from "./jobs.ts";

/** The moments a job is due. A time that a clock change skips comes right after the gap; one that comes twice counts once. */
export type Schedule = Pick<Job, "cron" | "zone">;

/** The last moment at or before `now`; undefined when there never was one. */
export function latestSlot(schedule: Schedule, now: Date): Date | undefined {
  return around(schedule, now).latest;
}

export function nextSlot(schedule: Schedule, now: Date): Date | undefined {
  return around(schedule, now).next;
}

/** The slots around a moment. They are so for every moment between them. */
interface Around {
  latest: Date | undefined;
  next: Date | undefined;
}

const known = new Map<string, Around>();
const most = 1_000;

/** Every beat and every page ask, and what a zone's clock shows is dear to find out: kept until the next slot comes. */
function around(schedule: Schedule, now: Date): Around {
  const key = `${schedule.zone} ${schedule.cron}`;
  const found = known.get(key);
  if (found?.latest && found.next && found.latest <= now && now < found.next) return found;
  const [oldest] = known.keys();
  if (known.size >= most && oldest !== undefined) known.delete(oldest);
  const asked = cron(schedule);
  // What croner calls previous lies before its reference, and has no milliseconds.
  const [latest] = asked.previousRuns(1, new Date(now.getTime() + 1_000));
  const fresh = { latest, next: asked.nextRun(now) ?? undefined };
  known.set(key, fresh);
  return fresh;
}

/** How many lie strictly between two moments; counted up to a hundred. */
export function slotsBetween(schedule: Schedule, after: Date, before: Date): number {
  const its = cron(schedule);
  let count = 0;
  for (let slot = its.nextRun(after); slot !== null && slot < before && count < 100; slot = its.nextRun(slot)) count += 1;
  return count;
}

/** The longest wait between two of the next sixty, in milliseconds. */
export function widestGap(schedule: Schedule, now: Date): number {
  const slots = cron(schedule).nextRuns(60, now);
  return Math.max(0, ...slots.slice(1).map((slot, index) => slot.getTime() - (slots[index]?.getTime() ?? 0)));
}

/** Paused: only asked, it starts no timer. */
function cron({ cron: pattern, zone }: Schedule): Cron {
  return new Cron(pattern, { timezone: zone, paused: true });
}
