import { Attempt } from "./attempt.ts";
import type { Ask, Check, CheckReport, CheckResult } from "./check.ts";

export interface ChecksOptions {
  /** Milliseconds for all checks together, which run in parallel; default 1,900, so that an answer takes less than 2 s. */
  total?: number;
  /** Milliseconds an outcome is given to everybody who asks; default 1,000. */
  cache?: number;
}

/** Everything the application needs, asked at most once at a time and at most once a second, however many ask. */
export class Checks {
  readonly #attempts = new Map<string, Attempt>();
  #total = 1_900;
  #cache = 1_000;
  #last: { report: CheckReport; at: number } | undefined;
  #running: Promise<CheckReport> | undefined;

  configure({ total = this.#total, cache = this.#cache }: ChecksOptions): void {
    this.#total = total;
    this.#cache = cache;
  }

  /** Adds a check, or replaces the one of that name. */
  add(name: string, check: Check | Ask): void {
    this.#attempts.set(name, new Attempt(typeof check === "function" ? { ask: check } : check));
    this.#last = undefined;
  }

  /** Never rejects, never takes longer than the total limit. */
  async report(): Promise<CheckReport> {
    if (this.#last && performance.now() - this.#last.at < this.#cache) return this.#last.report;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<CheckReport> {
    const results = await Promise.all(
      [...this.#attempts].map(async ([name, attempt]) => [name, await attempt.result(this.#total)] as const),
    );
    const report = { status: worst(results.map(([, result]) => result)), at: new Date(), checks: Object.fromEntries(results) };
    this.#last = { report, at: performance.now() };
    return report;
  }
}

function worst(results: CheckResult[]): CheckReport["status"] {
  const has = (status: CheckResult["status"]): boolean => results.some((result) => result.status === status);
  if (has("unhealthy")) return "unhealthy";
  return has("degraded") ? "degraded" : "healthy";
}
