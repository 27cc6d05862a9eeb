import type { Evidence } from "../../base/events.ts";
import { readRelease } from "../releases.ts";
import type { Step, Work } from "../step.ts";
import { GateError, ofRelease, unitSummary } from "./gate.ts";

/** The units run the image or files, and have the environment, that this release means; and no unit of another release runs beside them. */
export const identity: Step = {
  id: "prove.identity",
  phase: "prove",
  title: "check that every unit runs this release's image and environment",
  run: checkIdentity,
};

export async function checkIdentity(work: Work): Promise<Evidence> {
  const { release } = work.facts;
  const all = await work.target.units();
  const units = await ofRelease(all, release);
  const { artifacts = {}, kept } = (await readRelease(release)) ?? {};
  const meant = Object.keys(artifacts);
  for (const service of meant) {
    if (!units.some((unit) => unit.service === service)) {
      throw new GateError("identity", service, `no unit of ${release.id} runs`, { service }, "see `aplomo logs`");
    }
  }
  const stray = all.filter((unit) => !units.includes(unit) && unit.state === "running");
  const first = stray[0];
  if (first) {
    throw new GateError("identity", first.name, `it still runs ${first.release ?? "something Aplomo did not start"}`, {
      stray: stray.map(unitSummary),
    });
  }
  const compared = await Promise.all(units.map(async (unit) => ({ unit, differences: await work.target.differences(unit, release) })));
  for (const { unit, differences } of compared) {
    if (differences.length > 0) throw new GateError("identity", unit.name, differences.join("; "), { unit: unit.name, differences });
  }
  return { units: units.map((unit) => unit.name), artifacts: meant.length, ...(kept ? { kept } : {}) };
}
