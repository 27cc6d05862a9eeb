import type { Event } from "../base/events.ts";
import { formatDuration } from "../base/time.ts";
import type { Paint } from "./colours.ts";
import type { Say } from "./lang/say.ts";

/** A plan as a page: the very steps that `deploy` executes. */
export function planText(event: Extract<Event, { type: "deployment.planned" }>, paint: Paint, say: Say): string[] {
  const lines = [
    paint("bold", `${event.app}: ${event.release}${event.previous ? say` replaces ${event.previous}` : say(", the first release")}`),
  ];
  let phase = "";
  for (const step of event.steps) {
    const head = step.phase === phase ? "" : step.phase;
    phase = step.phase;
    const interrupts = step.interrupts ? paint("yellow", say` (interrupts about ${formatDuration(step.interrupts)})`) : "";
    lines.push(`  ${paint("cyan", say(head).padEnd(9))}${say(step.title)}${interrupts}`);
    for (const detail of step.details ?? []) lines.push(`           ${paint("dim", say(detail))}`);
  }
  return [...lines, ...event.notes.map((note) => `  ${say(note)}`)];
}
