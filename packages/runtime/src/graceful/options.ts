import type { Ask, Check } from "../health/check.ts";
import type { ChecksOptions } from "../health/checks.ts";
import type { EndpointOptions } from "../health/endpoints.ts";
import type { Log } from "../log.ts";

/** Everything can be left out. Times are milliseconds. */
export interface GracefulOptions {
  /** How long to go on serving after the signal, so that whoever routes requests notices. Default 500 with NODE_ENV=production, else 0. */
  drain?: number;
  /** From the signal to the exit, hooks included. Default 8,000: Docker kills after 10 s. */
  deadline?: number;
  /** The same after an uncaught error. Default 2,000. */
  errorDeadline?: number;
  /** Default SIGTERM and SIGINT. Fixed by the first call. */
  signals?: NodeJS.Signals[];
  /** The health endpoints; false for none. */
  health?: (EndpointOptions & ChecksOptions) | false;
  /** What the application needs, by name: `{ database: postgres(pool) }`. */
  checks?: Record<string, Check | Ask>;
  /** Where lines go. Default: standard output and error, as text, or as JSON with APLOMO_LOG=json. */
  log?: Log;
}
