import { AplomoError } from "../../base/errors.ts";
import type { Evidence, Json } from "../../base/events.ts";
import type { ReleaseFolder, Unit } from "../../targets/contract.ts";
import { isOf } from "../../targets/kept.ts";
import { maskEnvironment } from "../../targets/release-env.ts";
import { readRelease } from "../releases.ts";
import type { Work } from "../step.ts";

/** What a gate saw that must not be. The evidence names the unit, its exit code and restarts, and its last log lines. */
export class GateError extends AplomoError {
  constructor(gate: string, subject: string, cause: string, evidence: Evidence, hint?: string) {
    super({ operation: `pass the ${gate} gate with`, subject, cause, evidence, ...(hint ? { hint } : {}) });
  }
}

/** The units of one release, those included that it has kept. */
export async function unitsOf(work: Pick<Work, "target">, release: ReleaseFolder): Promise<Unit[]> {
  return ofRelease(await work.target.units(), release);
}

export async function ofRelease(units: readonly Unit[], release: ReleaseFolder): Promise<Unit[]> {
  const { kept } = (await readRelease(release)) ?? {};
  return units.filter((unit) => isOf(unit, { id: release.id, kept }));
}

/** A failed unit as evidence: how it ended, how often it was restarted, and what it said last. */
export async function unitEvidence(work: Work, unit: Unit): Promise<Evidence> {
  const logs = await work.target.logs(unit, { tail: 20 }).catch((error: Error) => `no log: ${error.message}`);
  return { unit: unit.name, state: unit.state, exitCode: unit.exitCode, restarts: unit.restarts, log: mask(work, logs) };
}

export function unitSummary(unit: Unit): Json {
  return { unit: unit.name, id: unit.id, state: unit.state, restarts: unit.restarts, exitCode: unit.exitCode, since: unit.startedAt };
}

/** Hides the values of the application's environment in what its programs print. */
export function mask(work: Pick<Work, "config">, text: string): string {
  const values = [...work.config.environment].map(([name, { value }]) => [name, value.reveal()] as const);
  return maskEnvironment(text, Object.fromEntries(values));
}
