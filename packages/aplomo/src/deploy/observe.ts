import { UsageError } from "../base/errors.ts";
import type { Config } from "../config/config.ts";
import { listBackups } from "../backup/catalogue.ts";
import type { Database, DatabaseFacts } from "../databases/contract.ts";
import type { Edge } from "../edges/contract.ts";
import type { Found } from "../migrations/standing.ts";
import type { ReleaseFolder, Staged, Target, TargetFacts } from "../targets/contract.ts";
import { measuredSteps, nextNumber } from "./deployments.ts";
import { decideChange, decideRehearsal, differences, surplus } from "./decide.ts";
import type { Facts } from "./facts.ts";
import { foreseen } from "./foreseen.ts";
import { keeping } from "./keeping.ts";
import { migratedDatabase, standingOf } from "./migrations.ts";
import { releaseFolder, type AppPaths } from "./paths.ts";
import type { Session } from "./session.ts";
import { currentRelease, listReleases, readRelease, releaseNumber, type Release } from "./releases.ts";

/** What the user asked for. */
export interface Request {
  action: Facts["action"];
  /** For a rollback: the release to return to; default: the one before the current. */
  to?: string;
  /** For a rollback: data as it was when that release was last in front. */
  withData?: boolean;
  /** For a restore: database to backup id. */
  backups?: Record<string, string>;
  /** For a restore: database to the scratch database whose data, proven already, becomes its own. */
  loaded?: Record<string, string>;
  /** Run the migration even when its files are the same as before. */
  migrate?: boolean;
  /** The code of the release in front stays: only the environment is of the present files. */
  envOnly?: boolean;
  /** Every unit is made anew, also of services that are as they were. */
  recreate?: boolean;
  /** False: not rehearsed, whatever aplomo.yml says. */
  rehearse?: boolean;
}

/** Looks at everything a plan depends on; changes nothing. */
export async function observe({ ctx, config, paths, target, databases, edge }: Omit<Session, "openers">, request: Request): Promise<Facts> {
  const number = await nextNumber(paths);
  const current = await currentRelease(paths);
  const releases = await listReleases(paths);
  const running = current === null ? (await target.units()).filter((unit) => unit.state !== "stopped") : [];
  const foreign = running.some((unit) => unit.release === null);
  // A first deploy that was undone leaves what it had adopted running, and no release in front.
  const adopted = running.find((unit) => unit.release !== null)?.release ?? null;
  const previous = current ?? (foreign ? releaseFolder(paths, "r0") : adopted === null ? null : releaseFolder(paths, adopted));
  const earlier = current === null ? undefined : await readRelease(current);
  const code = request.envOnly ? codeOf(config, current, earlier) : undefined;
  // Begun together: what is seen once serves both.
  const inspecting = target.inspect();
  const previewing = makesRelease(request) ? target.preview(code) : undefined;
  previewing?.catch(() => {});
  const reaching = reached(databases);
  const common = {
    app: config.settings.app,
    action: request.action,
    deployment: `d${number}`,
    startedAt: ctx.now().toISOString(),
    previous,
    adopt: foreign,
    ...(await inFront(inspecting, edge)),
    databases: await reaching,
    measured: await measuredSteps(paths),
  };
  if (request.action === "rollback") {
    const release = earlierRelease(releases, current?.id, request.to);
    const restore = request.withData ? await backupsBefore(config, paths, releases, release.id) : {};
    return {
      ...common,
      release: releaseFolder(paths, release.id),
      change: request.withData ? "restore" : "none",
      restore,
      changeReason: rollbackReason(release, earlier, request.withData ?? false),
      differences: differences(release, earlier),
      prune: [],
    };
  }
  if (request.action === "restore") {
    if (!current) throw new Error("a restore goes through a deployment only when a release is in front");
    return {
      ...common,
      release: current,
      change: "restore",
      restore: request.backups ?? {},
      ...(request.loaded ? { loaded: request.loaded } : {}),
      changeReason: request.loaded
        ? "the release stays; the data becomes what was loaded and proven, and the data before it is kept"
        : "the release stays; only the data goes back, and the data before it is kept",
      differences: [],
      prune: [],
    };
  }
  const next = await previewing;
  if (!next) throw new Error(`a ${request.action} has no preview`);
  // Without new code nothing is migrated.
  const migrations = code ? undefined : await standing(config, target, databases, common.databases);
  const decided = code
    ? { change: "none" as const, changeReason: `only the environment changes: the code is that of ${code.id}, and data is left alone` }
    : decideChange(config, next, earlier, request.migrate ?? false);
  const rehearsal = target.rehearsal
    ? decideRehearsal(config, request, previous !== null, decided.change)
    : { run: false, reason: `not rehearsed: a ${target.kind} target cannot yet` };
  if (request.action === "rehearse" && !rehearsal.run)
    throw new UsageError({ operation: "rehearse", subject: config.settings.app, cause: rehearsal.reason });
  return {
    ...common,
    release: releaseFolder(paths, `r${number}`),
    ...decided,
    ...(migrations ? { migrations } : {}),
    ...(code ? { code } : {}),
    ...(await keeping(target, request, { previous, adopt: foreign, change: decided.change, ...(code ? { code } : {}) })),
    rehearsal,
    ...(rehearsal.run ? await known(paths, next, previous?.id ?? null) : {}),
    restore: {},
    differences: differences(next, earlier),
    prune: surplus(releases, config.settings.releases.keep, current?.id).map((release) => releaseFolder(paths, release.id)),
  };
}

async function known(paths: AppPaths, next: Pick<Staged, "artifacts">, previous: string | null): Promise<Pick<Facts, "foreseen">> {
  const found = await foreseen(paths, next.artifacts, previous);
  return found ? { foreseen: found } : {};
}

/** Where the migrations stand before it; undefined when the database does not answer yet. */
async function standing(
  config: Config,
  target: Target,
  databases: readonly Database[],
  answered: Record<string, DatabaseFacts>,
): Promise<Found | undefined> {
  const { settings } = config;
  const database = migratedDatabase(databases, settings);
  if (!database || !(database.name in answered)) return undefined;
  const files = settings.migrate?.files !== undefined && target.migrations ? await target.migrations(null) : null;
  return standingOf(database, settings, files);
}

/** The release whose code stays. What Aplomo only took down as it was is no release that it could make another of. */
function codeOf(config: Config, current: ReleaseFolder | null, earlier: Release | undefined): ReleaseFolder {
  if (current && earlier && !earlier.adopted) return current;
  const cause = current ? `${current.id} was running before Aplomo came` : "no release is in front yet";
  throw new UsageError({ operation: "deploy only the environment of", subject: config.settings.app, cause, hint: "aplomo deploy" });
}

/** What a deploy would touch, and what stands before it: a refusal of either refuses it. */
async function inFront(inspecting: Promise<TargetFacts>, edge: Edge): Promise<Pick<Facts, "target" | "edge">> {
  const found = await inspecting;
  if (!edge.capabilities.switches) return { target: found };
  const { version, running, refusals } = await edge.inspect();
  const pointed = running && refusals.length === 0 && (await edge.current()).upstreams !== null;
  return { target: { ...found, refusals: [...found.refusals, ...refusals] }, edge: { kind: edge.kind, version, pointed } };
}

/** Both make one of the present files. */
export function makesRelease({ action }: Request): boolean {
  return action === "deploy" || action === "rehearse";
}

/** One that does not answer may only not have been started yet. */
async function reached(databases: readonly Database[]): Promise<Record<string, DatabaseFacts>> {
  const asked = await Promise.all(
    databases.map((database) =>
      database.check().then(
        (facts) => [database.name, facts] as const,
        () => undefined,
      ),
    ),
  );
  return Object.fromEntries(asked.filter((answer) => answer !== undefined));
}

function earlierRelease(releases: readonly Release[], current: string | undefined, to: string | undefined): Release {
  const known = releases.map((release) => release.id).join(", ") || "none";
  if (to !== undefined) {
    const named = releases.find((release) => release.id === to);
    if (!named)
      throw new UsageError({ operation: "roll back to", subject: to, cause: "there is no such release", hint: `kept releases: ${known}` });
    if (to === current)
      throw new UsageError({
        operation: "roll back to",
        subject: to,
        cause: "it is the release in front",
        hint: `kept releases: ${known}`,
      });
    return named;
  }
  const before = releases.findLast((release) => current === undefined || releaseNumber(release.id) < releaseNumber(current));
  if (before) return before;
  throw new UsageError({
    operation: "roll back",
    subject: "the application",
    cause: "there is no earlier release",
    hint: `kept releases: ${known}`,
  });
}

/** The backups taken when `release` was replaced: data as it was when it was last in front. */
async function backupsBefore(
  config: Config,
  paths: AppPaths,
  releases: readonly Release[],
  release: string,
): Promise<Record<string, string>> {
  const chosen: Record<string, string> = {};
  for (const database of Object.keys(config.settings.databases)) {
    const taken = await listBackups(paths.backups, { database, tier: "deploy" });
    const last = taken.find((backup) => backup.manifest.release === release);
    if (!last) {
      const hint = `roll back without --with-data, or restore one by hand: \`aplomo backup list\` (releases: ${releases.map((one) => one.id).join(", ")})`;
      throw new UsageError({
        operation: "roll back the data of",
        subject: database,
        cause: `no backup was taken when ${release} was replaced`,
        hint,
      });
    }
    chosen[database] = last.id;
  }
  return chosen;
}

function rollbackReason(release: Release, current: Release | undefined, withData: boolean): string {
  if (withData) return `data goes back to the last backup of ${release.id}; what was written since stays in a kept database`;
  if (current && current.migrations !== null && current.migrations === release.migrations)
    return "data is left alone: both releases have the same migrations";
  return `data is left alone: ${release.id} will meet the data as ${current?.id ?? "it"} left it, which was not rehearsed; --with-data takes data back too`;
}
