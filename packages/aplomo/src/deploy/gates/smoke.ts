import type { Evidence } from "../../base/events.ts";
import type { SmokeSettings } from "../../config/schema.ts";
import { get, type Answer } from "../../host/http.ts";
import { wayTo } from "../edge.ts";
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

/** `ask`: of a unit; left out: of the public address. */
export async function runSmoke(
  work: Work,
  checks: readonly SmokeSettings[],
  ask?: (path: string, timeout: number) => Promise<Answer>,
): Promise<Evidence> {
  const way = ask ?? (await publicWay(work));
  const answers: Record<string, number> = {};
  for (const check of checks) {
    const answer = await way(check.get, limit);
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
async function publicWay(work: Work): Promise<(path: string, timeout: number) => Promise<Answer>> {
  const [first] = work.config.settings.health.public;
  if (first) return (path, timeout) => get(new URL(path, first).href, timeout);
  for (const unit of await unitsOf(work, work.facts.release)) {
    const way = wayTo(unit, work.edge);
    // An address of its own is another host's, and asked as such.
    if (way) return (path, timeout) => (path.startsWith("/") ? way.ask(path, timeout) : get(path, timeout));
  }
  throw new GateError(
    "smoke",
    work.facts.release.id,
    "no unit has a port and there is no health.public",
    {},
    "set health.public or health.port in aplomo.yml",
  );
}
