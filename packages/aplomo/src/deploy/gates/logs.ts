import type { Step } from "../step.ts";
import { GateError, mask, unitsOf } from "./gate.ts";

/**
 * No line a unit has logged since its start matches a forbidden pattern, and its life is not told again and again: an app that ends and is
 * begun anew inside its own container looks like one that runs, to whoever looks at containers.
 */
export function logs(forbid: readonly string[]): Step {
  const patterns = forbid.map((text) => new RegExp(text));
  return {
    id: "prove.logs",
    phase: "prove",
    title: `read the logs for ${["a start told again and again", ...forbid.map((text) => `/${text}/`)].join(", ")}`,
    async run(work) {
      let read = 0;
      const stacks: string[] = [];
      for (const unit of await unitsOf(work, work.facts.release)) {
        // One that ran before was kept: what it said of old fails no release, and its first moments are long gone.
        const { startedAt } = work.facts;
        const isOlder = unit.startedAt !== null && Date.parse(unit.startedAt) < Date.parse(startedAt);
        const options = { tail: 5_000, sinceStart: true, ...(isOlder ? { since: startedAt } : {}) };
        const lines = (await work.target.logs(unit, options)).split("\n");
        read += lines.length;
        const bad = lines.find((line) => patterns.some((pattern) => pattern.test(line)));
        if (bad !== undefined)
          throw new GateError("log", unit.name, `it logged: ${mask(work, bad).slice(0, 300)}`, { unit: unit.name, line: mask(work, bad) });
        const loop = isOlder ? undefined : loopIn(lines);
        if (loop) {
          const cause = `it has logged ${loop.times} times since its start: ${mask(work, loop.line).slice(0, 200)}`;
          const hint =
            "something inside it ends and is begun anew: look for process.exit in a module that is imported, or a one-shot command in a loop";
          throw new GateError("log", unit.name, cause, { unit: unit.name, line: mask(work, loop.line), times: loop.times }, hint);
        }
        stacks.push(...firstStack(lines).map((line) => `${unit.name}: ${mask(work, line).slice(0, 300)}`));
      }
      for (const stack of stacks) {
        work.ctx.emit({
          type: "warning",
          message: `a stack trace is in the log of ${stack}`,
          hint: "`aplomo logs` shows it whole; logs.forbid makes it refuse a release",
        });
      }
      return { lines: read, ...(stacks.length > 0 ? { stacks } : {}) };
    },
  };
}

const begins = /\b(starting|started|booting|initiali[sz]ing|running migrations?)\b/i;
const ends = /\b(complete[d]?|finished|done|exiting|shutting down|stopped)\b/i;

/** How often it must have been told: a start and its end may well come twice. */
const often = 3;

/**
 * Pure: a line of the first moments that tells of a start, comes three times or more, with a line that tells of an end between each two. What a
 * server does again and again while it serves is not of its first moments, or has other words each time.
 */
export function loopIn(lines: readonly string[]): { line: string; times: number } | undefined {
  const plain = lines.map(withoutNumbers);
  for (const first of new Set(plain.slice(0, 20).filter((line) => begins.test(line)))) {
    let times = 0;
    let ended = true;
    for (const line of plain) {
      if (line === first && ended) {
        times += 1;
        ended = false;
      } else if (line !== first && ends.test(line)) ended = true;
    }
    if (times >= often) return { line: lines[plain.indexOf(first)] ?? first, times };
  }
  return undefined;
}

/** Times, process numbers and durations differ from one run to the next. */
function withoutNumbers(line: string): string {
  return line.replace(/\d[\d.:TZ,-]*/g, "#").trim();
}

/** The error above the first line that names a place in the code. */
function firstStack(lines: readonly string[]): string[] {
  const at = lines.findIndex((line) => /^\s+at .+:\d+:\d+\)?$|^\s+File ".+", line \d+|^Traceback \(most recent call last\)/.test(line));
  return at < 0 ? [] : [lines[Math.max(0, at - 1)] ?? ""];
}
