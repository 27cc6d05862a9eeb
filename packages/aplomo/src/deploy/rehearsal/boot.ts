import { AplomoError, reason } from "../../base/errors.ts";
import type { Evidence, Json } from "../../base/events.ts";
import type { ReleaseFolder, Target } from "../../targets/contract.ts";
import type { Rehearsal } from "../../targets/rehearsal.ts";
import { awaitHealthy } from "../gates/health.ts";
import { runSmoke } from "../gates/smoke.ts";
import type { Work } from "../step.ts";

export interface Booted {
  healthyAfterMs: number;
  failed?: Failed;
}

/** What went wrong, in words, and what was seen of it. */
export interface Failed {
  problem: string;
  seen: Evidence;
}

/** Starts a release in the room, and asks it what it will be asked in production. */
export async function boot(inside: Work, rehearsal: Rehearsal, release: ReleaseFolder): Promise<Booted> {
  inside.progress(`booting ${release.id} on the copy`);
  let healthyAfterMs = 0;
  const failed = await failure(() =>
    rehearsal.boot(release, async (room) => {
      const units: Pick<Target, "units" | "logs"> = { units: () => room.units(), logs: (unit, options) => room.logs(unit, options) };
      const asked: Work = { ...inside, facts: { ...inside.facts, release }, target: { ...inside.target, ...units } };
      const healthy = await awaitHealthy(asked, release);
      healthyAfterMs = Number(healthy["healthyAfterMs"]);
      const { smoke } = inside.config.settings;
      return smoke.length > 0 ? { ...healthy, ...(await runSmoke(asked, smoke)) } : healthy;
    }),
  );
  return { healthyAfterMs, ...(failed ? { failed: because(release.id, failed) } : {}) };
}

export function because(of: string, { problem, seen }: Failed): Failed {
  return { problem: `${of}: ${problem}`, seen };
}

/** An interruption is none of the release's faults. */
export async function failure(act: () => Promise<unknown>): Promise<Failed | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (error instanceof AplomoError && error.exitCode === 130) throw error;
    const seen = (error instanceof AplomoError && error.evidence) || {};
    const said = lastWords(seen["output"]);
    return { problem: [reason(error), said].filter(Boolean).join(": "), seen };
  }
}

/** In one line. */
export function lastWords(log: Json | undefined): string {
  return typeof log === "string" ? log.trimEnd().split("\n").slice(-3).join(" | ") : "";
}
