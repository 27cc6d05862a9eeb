import type { Evidence } from "../../base/events.ts";
import type { SmokeSettings } from "../../config/schema.ts";
import { get } from "../../host/http.ts";
import type { Step, Work } from "../step.ts";
import { GateError, unitsOf } from "./gate.ts";

const limit = 10_000;

/** Pages a person would try first answer as expected. */
export function smoke(checks: readonly SmokeSettings[]): Step {
  return {
    id: "prove.smoke",
    phase: "prove",
    title: `try ${checks.map((check) => check.get).join(", ")}`,
    run: (work) => runSmoke(work, checks),
  };
}

export async function runSmoke(work: Work, checks: readonly SmokeSettings[], at?: string): Promise<Evidence> {
  const base = at ?? (await baseUrl(work));
  const answers: Record<string, number> = {};
  for (const check of checks) {
    const answer = await get(new URL(check.get, base).href, limit);
    answers[check.get] = answer.status ?? 0;
    const cause =
      answer.problem ??
      (answer.status === check.expect ? undefined : `it answers ${answer.status}, not ${check.expect}`) ??
      (check.contains === undefined || answer.body.includes(check.contains)
        ? undefined
        : `its answer lacks ${JSON.stringify(check.contains)}`);
    if (cause) throw new GateError("smoke", check.get, cause, { url: check.get, status: answer.status, ms: answer.ms });
  }
  return { answers };
}

/** The public address where there is one, else a unit's own. */
async function baseUrl(work: Work): Promise<string> {
  const [first] = work.config.settings.health.public;
  if (first) return first;
  const unit = (await unitsOf(work, work.facts.release)).find((one) => one.address !== null);
  if (unit?.address) return `http://${unit.address.host}:${unit.address.port}`;
  throw new GateError(
    "smoke",
    work.facts.release.id,
    "no unit has a port and there is no health.public",
    {},
    "set health.public or health.port in aplomo.yml",
  );
}
