import { counted } from "../../base/count.ts";
import { ofRelease } from "../../deploy/gates/gate.ts";
import { isLost } from "../../deploy/gates/health.ts";
import type { Session } from "../../deploy/session.ts";
import type { ReleaseFolder, Unit } from "../../targets/contract.ts";
import type { Memory } from "../../targets/examined.ts";
import type { Part } from "../look.ts";
import type { Sample } from "../sample.ts";
import type { Signal } from "../signal.ts";

/** Units of the release in front run, and, looked at closely, are what it means: somebody may have changed one by hand. */
export async function lookAtUnits(session: Session, release: ReleaseFolder | null, all: readonly Unit[], deep: boolean): Promise<Part> {
  if (release === null) return { signals: [] };
  const its = await ofRelease(all, release);
  const signals: Signal[] = its.filter((unit) => isLost(unit) && unit.state !== "running").map(lost);
  if (its.length === 0)
    signals.push({
      key: "units",
      level: "error",
      subject: session.config.settings.app,
      message: `no unit of ${release.id} is there, which is the release in front`,
      next: "`aplomo verify` says more; `aplomo deploy` or `aplomo rollback` starts one.",
      evidence: [],
    });
  for (const unit of deep ? its.filter(({ state }) => state === "running") : []) {
    const differences = await session.target.differences(unit, release);
    if (differences.length > 0)
      signals.push({
        key: `drift:${unit.name}`,
        level: "warning",
        subject: unit.name,
        message: `it is not what ${release.id} means: ${differences.join("; ")}`,
        next: "Somebody changed it by hand. `aplomo deploy` makes the change last, or takes it back.",
        evidence: differences,
      });
  }
  // Memory is measured each time: a trend is what one look cannot show.
  const examined = (await session.target.examine?.()) ?? [];
  return { signals, units: its.map((unit) => measure(unit, examined.find(({ unit: same }) => same.id === unit.id)?.memory ?? null)) };
}

function lost(unit: Unit): Signal {
  const code = unit.exitCode === null ? "" : `, its last exit code was ${unit.exitCode}`;
  return {
    key: `unit:${unit.name}`,
    level: "error",
    subject: unit.name,
    message: `it is ${unit.state}${unit.restarts > 0 ? ` and was begun anew ${counted(unit.restarts, "time")}` : ""}${code}`,
    next: "`aplomo logs` shows its last lines.",
    evidence: [],
  };
}

function measure({ name, service, id, restarts, state }: Unit, memory: Memory | null): Sample["units"][number] {
  return { name, service, id, restarts, running: state === "running", memory: memory?.used ?? null, limit: memory?.limit ?? null };
}
