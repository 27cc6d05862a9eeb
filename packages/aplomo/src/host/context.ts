import type { Emit } from "../base/events.ts";
import type { Host } from "./run.ts";

/** What every effect is given; there are no globals. */
export interface Context {
  host: Host;
  /** Tells what happens; printers listen. Nothing below `report` prints. */
  emit: Emit;
  /** Aborted by Ctrl-C or SIGTERM; undoing runs with a fresh one. */
  signal: AbortSignal;
  /** Aplomo's own folder, absolute: `APLOMO_HOME`. */
  home: string;
  now: () => Date;
  /** Who asked, and from what, when that was on another machine. */
  source?: SourceThere | undefined;
}

/** Who makes a release and from what: commit and dirty come from git, where the folder is a checkout. */
export interface SourceState {
  author: string;
  commit: string | null;
  dirty: boolean;
  /** Of package.json or pyproject.toml. */
  appVersion?: string | null;
}

/** How far the branch and the one it follows have come apart, as of the last fetch. */
export interface Apart {
  upstream: string;
  ahead: number;
  behind: number;
}

/** Of a checkout on another machine, which can only be asked there. */
export interface SourceThere extends SourceState {
  /** null: the branch follows none, or there is no checkout. */
  apart: Apart | null;
}
