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
}
