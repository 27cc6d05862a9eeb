import type { CheckReport, CheckResult } from "./check.ts";
import type { Release } from "./release.ts";
import type { Vitals } from "./vitals.ts";

/** `starting` and `draining` mean: send no requests here. */
export type State = "starting" | "running" | "draining";

/** The body of /status. Only `status`, `timestamp` and `database` when a token is set and the asker does not have it. */
export interface Status extends Release, Partial<Vitals> {
  status: CheckReport["status"] | "starting" | "draining";
  /** ISO 8601: when the checks ended. */
  timestamp: string;
  /** Of the checks of kind database, when there are any. */
  database?: "connected" | "unreachable";
  /** Why the status is what it is: `database: ECONNREFUSED`. */
  reason?: string;
  inFlight?: number;
  checks?: Record<string, CheckResult>;
}

export interface StatusParts {
  state: State;
  report: CheckReport;
  release: Release;
  vitals: Vitals;
  inFlight: number;
}

/** Who asks: `known` has the token, `anyone` asks where no token is set, `stranger` lacks it. */
export type Asker = "known" | "anyone" | "stranger";

/** 200 while requests may come, 503 when not. */
export function statusCode(state: State, report: CheckReport): 200 | 503 {
  return state === "running" && report.status !== "unhealthy" ? 200 : 503;
}

/** What /status says to this asker. Messages of errors are for the known only. */
export function statusBody({ state, report, release, vitals, inFlight }: StatusParts, asker: Asker): Status {
  const databases = Object.values(report.checks).filter((check) => check.kind === "database");
  const body: Status = { status: state === "running" ? report.status : state, timestamp: report.at.toISOString() };
  if (databases.length > 0) body.database = databases.every((check) => check.reason === undefined) ? "connected" : "unreachable";
  if (asker === "stranger") return body;
  const reason = reasons(report);
  if (reason) body.reason = reason;
  const checks = Object.entries(report.checks).map(([name, { message, ...rest }]) => [
    name,
    asker === "known" && message ? { ...rest, message } : rest,
  ]);
  return { ...body, ...release, ...vitals, inFlight, checks: Object.fromEntries(checks) as Record<string, CheckResult> };
}

/** `database: ECONNREFUSED; cache: no answer within 1000 ms`, or nothing. */
export function reasons(report: CheckReport): string {
  return Object.entries(report.checks)
    .flatMap(([name, { reason }]) => (reason ? [`${name}: ${reason}`] : []))
    .join("; ");
}
