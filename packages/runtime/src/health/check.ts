/** What a check may say of a thing that works, but not well. Returning nothing means that it works. */
export interface Degraded {
  degraded: string;
}

/**
 * Asks whether a thing the application needs works: resolves when it does, rejects when it does not.
 * The signal is aborted when the check's limit has passed. A check that is still pending is not asked again.
 */
export type Ask = (signal: AbortSignal) => unknown;

/** One thing the application needs. */
export interface Check {
  ask: Ask;
  /** Milliseconds; default 1,000. Longer than the total limit of all checks has no effect. */
  limit?: number;
  /** False: its failure makes the application degraded (200), not unhealthy (503). Default true. */
  critical?: boolean;
  /** `database`: its outcome also stands at the top of /status as `database: connected`. */
  kind?: "database";
}

/** Options every ready-made check takes. */
export type CheckOptions = Omit<Check, "ask" | "kind">;

/** How one check went. */
export interface CheckResult {
  status: "healthy" | "degraded" | "unhealthy";
  critical: boolean;
  /** Milliseconds it took, to two decimals. */
  ms: number;
  kind?: "database";
  /** A code or a word, never a message: messages name hosts and users. */
  reason?: string;
  /** The message, for those who may read details. */
  message?: string;
}

/** How all went. */
export interface CheckReport {
  status: "healthy" | "degraded" | "unhealthy";
  /** When the checks ended. */
  at: Date;
  checks: Record<string, CheckResult>;
}
