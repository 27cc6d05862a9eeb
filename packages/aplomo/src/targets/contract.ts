import type { Evidence } from "../base/events.ts";
import type { Secret } from "../base/secret.ts";
import type { Examined } from "./examined.ts";
import type { Kept } from "./kept.ts";
import type { Rehearsal } from "./rehearsal.ts";

/**
 * The contract of a target, for who implements one: what runs an application's units. `test/contract/target.suite.ts` holds it.
 *
 * A driver works on one application on this machine. It never prints and decides nothing: no retries of a release, no rollback.
 * Every method can be called again after a crash at any point of it and then ends as if it had been called once.
 * The context's signal interrupts what waits; when it was aborted before the call, it is not heeded: that call takes things back.
 * It touches only units of this application, and never data: no volume, no database service once it runs.
 * What a release is to the target (frozen compose file, process list) lives in the release's own folder, mode 0700, and is
 * complete before `stage` returns, so that any later call needs the folder and nothing else: not aplomo.yml, not the env file.
 * The file `release.json` in it is the engine's.
 */
export interface Target {
  readonly kind: string;
  readonly capabilities: TargetCapabilities;

  /** What a deploy would touch, and reasons to refuse it before anything is touched (anonymous database volume, no engine). */
  inspect(): Promise<TargetFacts>;

  /** Starts the services the application's databases live in, when they do not run; never recreates one. */
  startData(): Promise<Evidence>;
  /** Starts what there is of the databases' services and does not run, whatever the present files say: an engine that died may have left them so. Left out: they are not the target's. */
  wakeData?(): Promise<Evidence>;

  /** What `stage` would make, given the same, found out without making anything (hash of the source folder, ids of local images), so that the plan can say what changes. An image may be fetched for it. */
  preview(code?: ReleaseFolder): Promise<Pick<Staged, "artifacts" | "environment" | "migrations">>;
  /**
   * Makes the release's folder complete: code or images by digest, environment, configuration. Units are untouched.
   * With `code`, a release that is whole, code and migrations are that release's and the environment is of the present files: nothing is
   * fetched or installed. Where those files say more than the environment, what else would come along is a `UsageError`.
   */
  stage(release: ReleaseFolder, code?: ReleaseFolder, keep?: Keep): Promise<Staged>;
  /**
   * Services whose units such a release could leave as `previous` runs them: nothing of them differs, and they are well. None where nothing differs
   * at all. Named to `stage` as `keep`, they are units of both releases, and keep the mark they bear. Left out: every release starts all anew.
   */
  unchanged?(previous: ReleaseFolder, code?: ReleaseFolder): Promise<string[]>;
  /** Takes the present units, which Aplomo did not start, down as a release of their own, so that it can be returned to. Null when nothing runs. */
  adopt(release: ReleaseFolder): Promise<Staged | null>;
  /** The files of `migrate.files` by their path in it, as a release that was staged has them; null: as `stage` would make them. Left out where they cannot be read. */
  migrations?(release: ReleaseFolder | null): Promise<Record<string, Buffer>>;
  /** Removes what `stage` made outside the folder (image tags), never an image others use. */
  discard(release: ReleaseFolder): Promise<void>;
  /** Throws, with a hint, when a release staged earlier can no longer be started: image gone, folder changed. */
  verify(release: ReleaseFolder): Promise<Evidence>;

  /** Runs a one-shot command of the release and waits for its end. A job of the same `id` left by a crash is ended first. */
  runOnce(release: ReleaseFolder, job: Job): Promise<JobResult>;

  /** Where a release is performed on a copy of the data; left out: it cannot be. */
  readonly rehearsal?: Rehearsal;

  /** Boots one unit of the release where no request reaches it, for `probe`; it is gone afterwards. Only with `capabilities.candidate`. */
  tryOut?(release: ReleaseFolder, probe: (unit: Unit) => Promise<void>): Promise<Evidence>;
  /** Removes what a `tryOut` that was killed has left, of whatever release; quick when there is nothing. Only with `capabilities.candidate`. */
  endTryOut?(): Promise<void>;

  /**
   * The release's units that `settings.edge` stands in front of run afterwards, each at an address of its own that stays the same when the
   * machine boots; every other unit is left as it is, of whatever release. `start` afterwards makes the release complete and stops the others.
   * Units of the release that are there already, stopped or not, are those that run. Does not wait for health. Only with `capabilities.beside`.
   */
  startBeside?(release: ReleaseFolder): Promise<Evidence>;
  /** The release's units stop; nothing is removed. */
  stop(release: ReleaseFolder): Promise<Evidence>;
  /** Exactly this release's units run afterwards. Those of `replaced` are out of service, kept when the target can. Does not wait for health. */
  start(release: ReleaseFolder, replaced: ReleaseFolder | null): Promise<Evidence>;
  /** Removes the stopped units of a release that is no longer in front, except those that `front`, which is, has kept. */
  retire(release: ReleaseFolder, front: ReleaseFolder | null): Promise<void>;

  /** The application's units as they are now, of every release. */
  units(): Promise<Unit[]>;
  /** What the unit says it runs, compared with what the release means: differences in words, empty when it is the one meant. Names of variables, never values. */
  differences(unit: Unit, release: ReleaseFolder): Promise<string[]>;
  /** The last lines of a unit's log. */
  logs(unit: Unit, options: LogOptions): Promise<string>;
  /** Every unit looked at closely, and the services the application's databases live in; left out: a diagnosis has `units` alone. */
  examine?(): Promise<Examined[]>;
}

export interface TargetCapabilities {
  /** `tryOut` and `endTryOut` exist. */
  candidate: boolean;
  /** The old units answer until the new ones listen: no request fails in `start`. */
  lossless: boolean;
  /** `startBeside` exists: units of two releases run at once, and an edge decides who is asked. */
  beside: boolean;
}

export interface TargetFacts {
  /** `docker compose 2.39.1, engine 20.10.24`. */
  runtime: string;
  /** What a release replaces: services, or the process's name. */
  replaces: string[];
  /** Rooms of data this deploy relies on: `volume agenda_data on db:/var/lib/postgresql/data`. */
  data: string[];
  /** Reasons to refuse, each with its next act. */
  refusals: { message: string; hint: string }[];
  /** What starts the units after a boot of this machine; null: nothing does. Left out where the engine itself does. */
  atBoot?: string | null;
  /** About how long `start` interrupts when nothing was measured yet, in milliseconds. */
  interrupts: number;
}

/** Where a release's files are. */
export interface ReleaseFolder {
  /** `r12`. */
  id: string;
  /** Absolute path of its folder. */
  path: string;
}

/** Units that the next release leaves as they run. */
export interface Keep {
  /** The release they are of by now. */
  of: ReleaseFolder;
  services: string[];
}

/** What `stage` made; stands in the release record. */
export interface Staged {
  /** What each unit kind runs, immutable: service to image digest, or `app` to the hash of the release's files. */
  artifacts: Record<string, string>;
  /** Fingerprint of every environment variable the units get: the name to the first 12 hex digits of an HMAC, never a value. */
  environment: Record<string, string>;
  /** Hash of the migrations inside the release, or null when `migrate.files` is not set. */
  migrations: string | null;
  /** Left out: none. */
  kept?: Kept;
  evidence: Evidence;
}

/** A one-shot command. */
export interface Job {
  /** Stable across a crash: `d14-migrate`. */
  id: string;
  run: readonly [string, ...string[]];
  /** The compose service whose image and environment it gets. */
  service?: string;
  env: Record<string, string | Secret>;
  /** Milliseconds; it is ended after that, and `timedOut` is set. */
  limit: number;
  signal: AbortSignal;
}

export interface JobResult {
  code: number | null;
  timedOut: boolean;
  durationMs: number;
  /** The last 40 lines it said, both streams. */
  output: string;
}

export interface LogOptions {
  /** Lines at most. */
  tail: number;
  /** Only what it has said since its start. */
  sinceStart?: boolean;
  /** Only what it has said since a moment, ISO 8601; asked of a target that has `unchanged`. */
  since?: string;
}

/** One running container, task or process. */
export interface Unit {
  /** Changes whenever the unit is made anew: container id with the start of its run, or PM2 id with pid. */
  id: string;
  /** As the target's own tools call it. */
  name: string;
  /** The service, or `app`: as `Staged.artifacts` names it. */
  service: string;
  /** The release that started it, whose mark it bears; a later one may have kept it. Null when Aplomo did not start it. */
  release: string | null;
  state: "starting" | "running" | "stopped" | "restarting" | "failed";
  /** The engine's own health check: null when it has none. */
  health: "healthy" | "starting" | "unhealthy" | null;
  /** When the present run began, ISO 8601; null when it does not run. */
  startedAt: string | null;
  /** Since its release was last started. */
  restarts: number;
  /** Of the last run that ended; null when none has. */
  exitCode: number | null;
  /** Where its HTTP port is reached from this machine; null when it has none. */
  address: { host: string; port: number } | null;
  /** Where only what is in its network reaches it: itself, and a name that stands for its release's units wherever they run. */
  overlay?: { own: { host: string; port: number }; shared: { host: string; port: number } };
  /** Requests come to it through the edge, when there is one; left out: they do not. */
  front?: boolean;
}
