import { counted } from "../../base/count.ts";
import type { Evidence } from "../../base/events.ts";
import { poll } from "../../base/time.ts";
import { get } from "../../host/http.ts";
import type { ReleaseFolder, Unit } from "../../targets/contract.ts";
import { doorsOf, healthPathOf, wayTo } from "../edge.ts";
import type { Step, Work } from "../step.ts";
import { GateError, mask, unitEvidence, unitsOf } from "./gate.ts";

/** One check's limit, as S2.5 asks. */
const checkLimit = 5_000;

/** Every unit answers, asked directly; then the public addresses do, asked as the public does. */
export function health(from: From = "its start"): Step {
  return {
    id: "prove.health",
    phase: "prove",
    title: "wait until every unit and the public address are healthy",
    async run(work) {
      const inside = await awaitHealthy(work, work.facts.release, "all", from);
      return { ...inside, ...(await checkPublic(work)) };
    },
  };
}

/** From when on an end counts. */
type From = "its start" | "now";

/**
 * Waits until all units of a release are healthy, or all that are behind the edge; throws as soon as one is known never to be. A release that one
 * goes back to is judged from `now` on: what its units went through before, a lost node or a crash of long ago, is no reason not to.
 */
export async function awaitHealthy(
  work: Work,
  release: ReleaseFolder,
  which: "all" | "front" = "all",
  from: From = "its start",
): Promise<Evidence> {
  const { within } = work.config.settings.health;
  const before = new Map<string, number>();
  let last = "no unit runs";
  const started = performance.now();
  const units = await poll(
    async () => {
      const found = (await unitsOf(work, release)).filter((unit) => which === "all" || unit.front);
      if (from === "now") for (const { name, restarts } of found) if (!before.has(name)) before.set(name, restarts);
      const lost = found.find((unit) => isLost(unit, before.get(unit.name)));
      if (lost) throw await lostUnit(work, lost);
      const problems = await Promise.all(found.map((unit) => problemOf(work, unit)));
      last = problems.find((problem) => problem !== null) ?? last;
      return found.length > 0 && problems.every((problem) => problem === null) ? found : undefined;
    },
    { limit: within, every: 200, signal: work.ctx.signal },
  );
  if (units) return { healthyAfterMs: Math.round(performance.now() - started), units: units.map((unit) => unit.name) };
  const [first] = await unitsOf(work, release);
  const evidence = first ? await unitEvidence(work, first) : {};
  throw new GateError(
    "health",
    release.id,
    `not healthy within ${within / 1_000} s: ${last}`,
    evidence,
    "the unit's last log lines are in the report",
  );
}

/** It has ended, or was begun anew, more often than `before`: exit code 0 counts as a crash too. */
export function isLost(unit: Unit, before = 0): boolean {
  return unit.restarts > before || unit.state === "failed" || unit.state === "restarting" || unit.state === "stopped";
}

/** Throws when a unit behind the edge has ended. */
export async function refuseLost(work: Work, release: ReleaseFolder): Promise<void> {
  const lost = (await unitsOf(work, release)).find((unit) => unit.front === true && isLost(unit));
  if (lost) throw await lostUnit(work, lost);
}

/** What takes its time while the release serves already: a unit of it that ends meanwhile is told at once, and `act` is left to end by itself. */
export async function whileServing<T>(work: Work, release: ReleaseFolder, act: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const ask = (): Promise<undefined> => refuseLost(work, release).then(() => undefined);
  const watching = poll(ask, { limit: Infinity, every: 1_000, signal: stop.signal }).then(() => act);
  try {
    return await Promise.race([act, watching]);
  } finally {
    stop.abort();
    // Whichever came second is told by nobody.
    act.catch(() => {});
    watching.catch(() => {});
  }
}

export async function lostUnit(work: Work, unit: Unit): Promise<GateError> {
  const how = unit.exitCode === null ? "ended" : `ended with exit code ${unit.exitCode}`;
  const cause = `it ${how}${unit.restarts > 0 ? ` and was restarted ${counted(unit.restarts, "time")}` : ""}`;
  return new GateError("stability", unit.name, cause, await unitEvidence(work, unit), hintFor(unit));
}

function hintFor(unit: Unit): string {
  if (unit.exitCode === 0)
    return "a server must not end by itself: look for a module that calls process.exit(0), or a one-shot command as its main command";
  if (unit.exitCode === 137) return "137 is SIGKILL, usually out of memory: compare its memory limit with what it needs";
  return "the unit's last log lines are in the report";
}

/** Why a unit is not healthy yet, or null. */
export async function problemOf(work: Pick<Work, "config" | "edge">, unit: Unit): Promise<string | null> {
  if (unit.state !== "running") return `${unit.name} is ${unit.state}`;
  if (unit.health === "unhealthy") return `${unit.name}'s own health check says unhealthy`;
  const path = healthPathOf(work.config.settings, unit);
  const way = wayTo(unit, work.edge);
  if (path === undefined || way === undefined) {
    return unit.health === "starting" ? `${unit.name}'s own health check has not answered yet` : null;
  }
  // Asked directly, a unit need not wait for the engine's own check, which may come round only every half minute.
  const answer = await way.ask(path, checkLimit);
  if (answer.problem) return `${unit.name} ${path}: ${answer.problem}`;
  return answer.status !== null && answer.status < 400
    ? null
    : `${unit.name} ${path} answers ${answer.status}: ${mask(work, answer.body).slice(0, 200)}`;
}

/** As the public does, and through the edge where Aplomo knows its door. */
async function checkPublic(work: Work): Promise<Evidence> {
  const { health: wanted } = work.config.settings;
  const doors = work.facts.edge ? doorsOf(work.config.settings) : [];
  const asked = [...wanted.public.map((url) => ({ url, host: undefined })), ...doors];
  const answers: Record<string, number> = {};
  for (const { url, host } of asked) {
    const name = host === undefined ? url : `${url} as ${host}`;
    const answer = await poll(
      async () => {
        const now = await get(url, checkLimit, host);
        answers[name] = now.status ?? 0;
        return now.status !== null && now.status < 400 ? now : undefined;
      },
      { limit: wanted.within, every: 500, signal: work.ctx.signal },
    );
    if (!answer) throw notPublic(name, answers[name] ?? 0);
  }
  return Object.keys(answers).length > 0 ? { public: answers } : {};
}

/** The units answer: what is wrong lies between. */
function notPublic(url: string, status: number): GateError {
  const hint =
    status >= 502 && status <= 504
      ? "the units answer when asked directly: what stands in front points elsewhere, or gives them less time than they need"
      : status === 0
        ? "the units answer when asked directly: nothing listens at this address, or a name or a firewall keeps it away"
        : "what stands in front may still point at the old unit, or refuse this host name";
  return new GateError("public health", url, `it answers ${status || "nothing"}`, { url, status }, hint);
}
