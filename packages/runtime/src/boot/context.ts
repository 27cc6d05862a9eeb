import type { Log } from "../log.ts";
import type { Argv, BootSettings } from "./settings.ts";

/** What every step gets. */
export interface Boot {
  settings: BootSettings;
  /** The command that follows; empty for a job that ends by itself. */
  server: Argv;
  env: NodeJS.ProcessEnv;
  /** False: another place migrates (RUN_MIGRATIONS=0), and nobody asked for it by name. */
  migrates: boolean;
  log: Log;
  /** Takes secrets out of a line. */
  redact: (line: string) => string;
  /** Aborted when the process is asked to end. */
  signal: AbortSignal;
}

/** What a step has to say in its line. */
export type Said = string;
