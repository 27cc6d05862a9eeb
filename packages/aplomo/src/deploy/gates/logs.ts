import type { Step } from "../step.ts";
import { GateError, mask, unitsOf } from "./gate.ts";

/** No line a unit has logged since its start matches a forbidden pattern. */
export function logs(forbid: readonly string[]): Step {
  const patterns = forbid.map((text) => new RegExp(text));
  return {
    id: "prove.logs",
    phase: "prove",
    title: `read the logs for ${forbid.map((text) => `/${text}/`).join(", ")}`,
    async run(work) {
      let read = 0;
      for (const unit of await unitsOf(work, work.facts.release)) {
        const lines = (await work.target.logs(unit, { tail: 5_000, sinceStart: true })).split("\n");
        read += lines.length;
        const bad = lines.find((line) => patterns.some((pattern) => pattern.test(line)));
        if (bad !== undefined)
          throw new GateError("log", unit.name, `it logged: ${mask(work, bad).slice(0, 300)}`, { unit: unit.name, line: mask(work, bad) });
      }
      return { lines: read };
    },
  };
}
