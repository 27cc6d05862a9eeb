import { formatDuration, poll } from "../../base/time.ts";
import type { Unit } from "../../targets/contract.ts";
import type { Step } from "../step.ts";
import { GateError, unitEvidence, unitsOf } from "./gate.ts";
import { checkMemory } from "./memory.ts";
import { isLost, lostUnit, problemOf } from "./health.ts";

/** Units are looked at this often, so that a crash or a clean exit is known within 3 s; health is asked every other time. */
const every = 1_000;

/** For as long as `watch`: the same units, none restarted, none ended (exit code 0 included), all healthy; and at its end none near its memory's limit. */
export function stability(watch: number, memoryBelow = 100): Step {
  return {
    id: "prove.stability",
    phase: "prove",
    title: `watch the release for ${formatDuration(watch)}: same units, no restart, no exit`,
    async run(work) {
      const first = await unitsOf(work, work.facts.release);
      const started = performance.now();
      let looks = 0;
      let unhealthy: string | null = null;
      await poll(
        async () => {
          const now = await unitsOf(work, work.facts.release);
          for (const unit of now) if (isLost(unit)) throw await lostUnit(work, unit);
          const changed = first.find((unit) => !now.some((same) => same.id === unit.id && same.startedAt === unit.startedAt));
          if (changed || now.length !== first.length || now.length === 0) {
            const gone = changed ?? first[0];
            const evidence = gone ? await unitEvidence(work, gone) : {};
            throw new GateError(
              "stability",
              gone?.name ?? work.facts.release.id,
              now.length === 0 ? "no unit runs" : "the unit was replaced by another one",
              evidence,
            );
          }
          if (looks++ % 2 === 0) unhealthy = await twiceUnhealthy(now, unhealthy, (unit) => problemOf(work, unit));
          work.progress("watching", Math.min(watch, performance.now() - started), watch);
          return undefined;
        },
        { limit: watch, every, signal: work.ctx.signal },
      );
      const memory = await checkMemory(work, memoryBelow);
      return { watchedMs: watch, looks, restarts: 0, units: first.map((unit) => unit.name), ...memory };
    },
  };
}

/** One slow answer is not an outage: a unit fails the gate when it is unhealthy at two looks in a row. */
async function twiceUnhealthy(units: Unit[], before: string | null, ask: (unit: Unit) => Promise<string | null>): Promise<string | null> {
  for (const unit of units) {
    const problem = await ask(unit);
    if (problem === null) continue;
    if (before === unit.id) throw new GateError("stability", unit.name, problem, { unit: unit.name, problem });
    return unit.id;
  }
  return null;
}
