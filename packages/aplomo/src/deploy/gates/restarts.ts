import type { Evidence } from "../../base/events.ts";
import { formatDuration } from "../../base/time.ts";
import type { Unit } from "../../targets/contract.ts";
import type { Step } from "../step.ts";
import { GateError, unitEvidence, unitsOf } from "./gate.ts";

/**
 * No unit was begun anew since `before`, nor so lately that nobody knows yet whether it stays. One that has stayed for as long as a release must
 * is as good as any, whatever happened to it once: that is told, with its time.
 */
export function restarts(before: readonly Unit[], watch: number): Step {
  return {
    id: "prove.restarts",
    phase: "prove",
    title: `check that no unit was begun anew meanwhile${watch > 0 ? `, nor in the ${formatDuration(watch)} before` : ""}`,
    async run(work) {
      const now = work.ctx.now().getTime();
      const told: Evidence[] = [];
      for (const unit of (await unitsOf(work, work.facts.release)).filter((one) => one.restarts > 0)) {
        const earlier = before.find(({ name }) => name === unit.name);
        const meanwhile = earlier === undefined || unit.restarts > earlier.restarts;
        const stable = unit.startedAt !== null && now - Date.parse(unit.startedAt) >= watch;
        if (meanwhile || !stable) throw new GateError("stability", unit.name, saying(unit), await unitEvidence(work, unit), hint);
        work.ctx.emit({ type: "warning", message: `${unit.name}: ${saying(unit)}, and has run ever since`, hint: why });
        told.push({ unit: unit.name, restarts: unit.restarts, exitCode: unit.exitCode, since: unit.startedAt });
      }
      return told.length > 0 ? { restarted: told } : {};
    },
  };
}

const why = "`aplomo doctor` and `aplomo logs` say what is known of it";
const hint =
  "`aplomo doctor` names the cause; when it was restarted on purpose, verify again when it has run for as long as `health.watch`";

function saying({ restarts: times, exitCode, startedAt }: Unit): string {
  const code = exitCode === null ? "" : ` after it ended with exit code ${exitCode}`;
  return `it was begun anew${times > 1 ? ` ${times} times, the last time` : ""} at ${startedAt ?? "a time nobody knows"}${code}`;
}
