import type { DatabaseFacts } from "../databases/contract.ts";
import type { Found } from "../migrations/standing.ts";
import type { ReleaseFolder, TargetFacts } from "../targets/contract.ts";

/** Everything a plan is made from: observed once, plain JSON, kept in the deployment's folder so that a crash can be mended by the same plan. */
export interface Facts {
  app: string;
  action: "deploy" | "rehearse" | "rollback" | "restore";
  /** `d14`. */
  deployment: string;
  startedAt: string;
  release: ReleaseFolder;
  previous: ReleaseFolder | null;
  /** The release whose code this one keeps: only the environment is new. */
  code?: ReleaseFolder;
  /** Services whose units `previous` runs and the release leaves as they are; left out: none. */
  kept?: string[];
  /** Something runs that Aplomo did not start: it is first taken down as release `previous`. */
  adopt: boolean;
  /** What happens to data: nothing, the release's migration, or backups put back (rollback --with-data, backup restore). */
  change: "none" | "migrate" | "restore";
  /** Database to backup id, for `restore`. */
  restore: Record<string, string>;
  /** Database to the scratch database that becomes it, for `restore`. */
  loaded?: Record<string, string>;
  /** Why `change` is what it is, in words. */
  changeReason: string;
  /** Where the database stands that the migration changes, as its tool's own table says it; left out: no tool is known to be in use. */
  migrations?: Found;
  /** Whether the release is first performed on a copy of the data, and why; left out: it cannot be. */
  rehearsal?: { run: boolean; reason: string };
  /** What an earlier rehearsal of the very same release found; left out: there was none. */
  foreseen?: Foreseen;
  /** Differences to the previous release, in words. */
  differences: string[];
  target: TargetFacts;
  /** What stands in front and is switched; left out: nothing does. `pointed`: requests came through it before this deployment. */
  edge?: { kind: string; version: string | null; pointed: boolean };
  /** The databases that answered while the plan was made; the others are waited for. */
  databases?: Record<string, DatabaseFacts>;
  /** Milliseconds steps took in the last deployment that ran them. */
  measured: Record<string, number>;
  /** Releases beyond `releases.keep` that this deployment removes when it has succeeded. */
  prune: ReleaseFolder[];
}

/** A rehearsal's finding, as a plan uses it beforehand. */
export interface Foreseen {
  deployment: string;
  verdict: string;
  /** How the change of data is made: `live`, `hold`, `stop`; null when nothing is changed, or it must not be. */
  way: string | null;
  changedMs: number;
  expectedHoldMs: number;
}

/** From the old units' end to the new ones' first good answer: what the last switch took, else the target's estimate. */
export function switchTime({ measured, target }: Pick<Facts, "measured" | "target">): number {
  const steps = ["switch.beside", "switch.units", "prove.identity", "prove.health"].map((step) => measured[step]);
  return measured["switch.units"] === undefined ? target.interrupts : steps.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
}
