import { lstat } from "node:fs/promises";
import { listBackups } from "../backup/catalogue.ts";
import { policyOf } from "../backup/policy.ts";
import { AplomoError, reason } from "../base/errors.ts";
import { currentRelease } from "../deploy/releases.ts";
import type { Session } from "../deploy/session.ts";
import { lockHolder } from "../host/lock.ts";
import type { Unit } from "../targets/contract.ts";
import { jobsOf, type Job } from "./jobs.ts";
import { lookAtBackups } from "./look/backups.ts";
import { lookAtData } from "./look/data.ts";
import { lookAtDeployments } from "./look/deployments.ts";
import { lookAtDisks } from "./look/disks.ts";
import { lookAtHealth } from "./look/health.ts";
import { lookAtUnits } from "./look/units.ts";
import type { Sample } from "./sample.ts";
import type { Signal } from "./signal.ts";
import { trendSignals } from "./trends.ts";

/** One look at one application: plain data, nothing secret. */
export interface Look {
  version: 1;
  at: string;
  app: string;
  /** Looked at as a deploy's gates do: data counted, units compared with what their release means. */
  deep: boolean;
  jobs: Job[];
  /** Milliseconds. */
  every: number;
  invariantsEvery: number;
  /** Whether anybody is told. */
  told: boolean;
  /** Kept backups of scheduled runs are in this folder. */
  backups: string;
  /** When the newest proven backup was made, ISO 8601. */
  proven: string | null;
  /** When the release came in front, ISO 8601; null before the first. */
  releaseSince: string | null;
  /** What holds the application's lock: `deploy since ...`. */
  running: string | null;
  units: Pick<Unit, "name" | "service" | "release" | "state" | "health" | "restarts" | "startedAt">[];
  sample: Sample;
  signals: Signal[];
}

/** What parts of a look find. */
export type Part = Pick<Look, "signals"> & Partial<Pick<Sample, "units" | "asked" | "disks" | "numbers">>;

/** Looks once and changes nothing. A part that cannot be looked at is a signal itself. */
export async function look(session: Session, options: { deep: boolean; before: readonly Sample[] }): Promise<Look> {
  const { config, ctx } = session;
  const { settings } = config;
  const its = policyOf(config, session.paths);
  const release = await currentRelease(session.paths);
  const at = ctx.now().toISOString();
  const holder = await lockHolder(session.paths.lock);
  let units: Unit[] = [];
  const parts: Part[] = [];
  const part = async (name: string, find: () => Promise<Part>): Promise<void> => void parts.push(await attempt(name, find));
  await part("the units", async () => {
    units = release === null ? [] : await session.target.units();
    return lookAtUnits(session, release, units, options.deep);
  });
  await Promise.all([
    part("health", () => lookAtHealth(session, units)),
    part("the disks", () => lookAtDisks(session)),
    part("the databases", () => lookAtData(session, options.deep)),
    part("the backups", () => lookAtBackups(session, its)),
    part("the deployments", () => lookAtDeployments(session)),
  ]);
  const numbers = parts.find((one) => one.numbers)?.numbers;
  const sample: Sample = {
    at,
    release: release?.id ?? null,
    units: parts.flatMap((one) => one.units ?? []),
    asked: parts.flatMap((one) => one.asked ?? []),
    disks: parts.flatMap((one) => one.disks ?? []),
    ...(numbers ? { numbers } : {}),
  };
  const signals = [...parts.flatMap((one) => one.signals), ...trendSignals([...options.before, sample], settings.watch.disk)];
  // A deploy replaces units and has gates of its own, which see more.
  const isDeploying = holder !== undefined && !holder.operation.startsWith("backup");
  return {
    version: 1,
    at,
    app: settings.app,
    deep: options.deep,
    jobs: jobsOf(settings, its.zone),
    every: settings.watch.every,
    invariantsEvery: settings.watch.invariants_every,
    told: settings.notify.length > 0,
    backups: session.paths.backups,
    proven: (await listBackups(session.paths.backups)).find(({ manifest }) => manifest.proof?.proven)?.manifest.createdAt ?? null,
    releaseSince: release === null ? null : (await lstat(session.paths.current)).mtime.toISOString(),
    running: holder ? `${holder.operation} since ${holder.since}` : null,
    units: units.map(({ name, service, release: of, state, health, restarts, startedAt }) => ({
      name,
      service,
      release: of,
      state,
      health,
      restarts,
      startedAt,
    })),
    sample,
    // Units of one name tell of the same trouble.
    signals: [...new Map(signals.map((signal) => [signal.key, signal])).values()].filter(
      ({ key }) => !isDeploying || !/^(unit|health|restarts|drift)/.test(key),
    ),
  };
}

async function attempt(name: string, find: () => Promise<Part>): Promise<Part> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof AplomoError)) throw error;
    const signal: Signal = {
      key: `unseen:${name}`,
      level: "error",
      subject: name,
      message: `could not be looked at: ${reason(error)}`,
      next: error.hint ?? null,
      evidence: [],
    };
    return { signals: [signal] };
  }
}
