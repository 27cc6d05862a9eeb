import type { Evidence } from "../base/events.ts";
import { unitsOf } from "./gates/gate.ts";
import { health } from "./gates/health.ts";
import { identity } from "./gates/identity.ts";
import { invariants } from "./gates/invariants.ts";
import { restarts } from "./gates/restarts.ts";
import { smoke } from "./gates/smoke.ts";
import { currentRelease } from "./releases.ts";
import type { Session } from "./session.ts";
import type { Step, Work } from "./step.ts";

export interface Verified {
  step: Step;
  evidence?: Evidence;
  error?: unknown;
}

/** Passes the release in front through the gates of a deploy once more; undefined before the first. Only looks. */
export async function verifyCurrent(session: Session): Promise<Verified[] | undefined> {
  const release = await currentRelease(session.paths);
  if (!release) return undefined;
  const { settings } = session.config;
  const checks = settings.smoke.length > 0 ? [smoke(settings.smoke)] : [];
  const data = session.databases.length > 0 ? [invariants("prove")] : [];
  const work = gateWork(session, release);
  const before = await unitsOf(work, release);
  const results: Verified[] = [];
  for (const step of [identity, health("now"), ...checks, ...data, restarts(before, settings.health.watch)]) {
    try {
      results.push({ step, evidence: await step.run(work) });
    } catch (error) {
      results.push({ step, error });
    }
  }
  return results;
}

/** Gates look at the release and at nothing else of a deployment. */
function gateWork(session: Session, release: { id: string; path: string }): Work {
  const { ctx, config, paths, target, edge, databases } = session;
  const facts = { app: config.settings.app, release, previous: null } as Work["facts"];
  return { ctx, config, paths, target, edge, databases, facts, evidenceOf: () => undefined, wasStarted: () => false, progress: () => {} };
}
