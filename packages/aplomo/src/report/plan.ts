import type { Event } from "../base/events.ts";
import { formatDuration } from "../base/time.ts";
import type { Paint } from "./colours.ts";

/** A plan as a page: the very steps that `deploy` executes. */
export function planText(event: Extract<Event, { type: "deployment.planned" }>, paint: Paint): string[] {
  const lines = [paint("bold", `${event.app}: ${event.release}${event.previous ? ` replaces ${event.previous}` : ", the first release"}`)];
  let phase = "";
  for (const step of event.steps) {
    const head = step.phase === phase ? "" : step.phase;
    phase = step.phase;
    const interrupts = step.interrupts ? paint("yellow", ` (interrupts about ${formatDuration(step.interrupts)})`) : "";
    lines.push(`  ${paint("cyan", head.padEnd(9))}${step.title}${interrupts}`);
    for (const detail of step.details ?? []) lines.push(`           ${paint("dim", detail)}`);
  }
  return [...lines, ...event.notes.map((note) => `  ${note}`)];
}
