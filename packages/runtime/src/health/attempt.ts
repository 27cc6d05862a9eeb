import { LateError } from "../time.ts";
import type { Check, CheckResult, Degraded } from "./check.ts";

/** Milliseconds after which a check that never ended is asked again: its connection may be dead for good. */
const patience = 30_000;
/** Attempts of one check that may be pending at once; a client that hangs for ever must not cost more than this. */
const most = 5;

type Settle = (resolve: (said: unknown) => void, reject: (error: unknown) => void) => void;

/** Asks one thing again and again, without ever piling up questions to something that does not answer. */
export class Attempt {
  readonly #check: Check;
  #pending = 0;
  #since = 0;
  #latest: Promise<unknown> | undefined;
  /** Who waits for the outcome now: one at a time, and nobody after the limit. A question that hangs holds on to no one. */
  #waiting: ((settle: Settle) => void) | undefined;

  constructor(check: Check) {
    this.#check = check;
  }

  /** One result within `total` milliseconds. Never rejects. Not to be called again before it has ended. */
  async result(total: number): Promise<CheckResult> {
    const { limit = 1_000, critical = true, kind } = this.#check;
    const start = performance.now();
    const { status, ...why } = await this.#outcome(Math.min(limit, total));
    const ms = Math.round((performance.now() - start) * 100) / 100;
    return { status: status === "unhealthy" && !critical ? "degraded" : status, critical, ms, ...(kind ? { kind } : {}), ...why };
  }

  async #outcome(limit: number): Promise<Pick<CheckResult, "status" | "reason" | "message">> {
    const stop = new AbortController();
    try {
      const said = await this.#answer(stop.signal, limit);
      return isDegraded(said) ? { status: "degraded", reason: said.degraded } : { status: "healthy" };
    } catch (error) {
      return { status: "unhealthy", reason: publicReason(error), message: String(error instanceof Error ? error.message : error) };
    } finally {
      stop.abort();
    }
  }

  /** The outcome of the question under way, or of a new one when there is none or it has been hanging for too long. */
  #answer(signal: AbortSignal, limit: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = undefined;
        reject(new LateError(limit));
      }, limit);
      this.#waiting = (settle) => {
        clearTimeout(timer);
        this.#waiting = undefined;
        settle(resolve, reject);
      };
      const hanging = performance.now() - this.#since;
      if (!this.#latest || (hanging >= patience && this.#pending < most)) this.#ask(signal);
    });
  }

  #ask(signal: AbortSignal): void {
    const question = (async () => this.#check.ask(signal))();
    this.#latest = question;
    this.#since = performance.now();
    this.#pending += 1;
    const end = (settle: Settle): void => {
      this.#pending -= 1;
      if (this.#latest !== question) return;
      this.#latest = undefined;
      this.#waiting?.(settle);
    };
    question.then(
      (said) => end((resolve) => resolve(said)),
      (error: unknown) => end((_, reject) => reject(error)),
    );
  }
}

function isDegraded(said: unknown): said is Degraded {
  return typeof said === "object" && said !== null && "degraded" in said && typeof said.degraded === "string";
}

/** `ECONNREFUSED`, `28P01`, `no answer within 1000 ms`; else the kind of error. Never its message. */
function publicReason(error: unknown): string {
  if (error instanceof LateError) return error.message;
  if (!(error instanceof Error)) return "failed";
  const { code } = error as { code?: unknown };
  return /^[A-Z0-9_]{2,40}$/.test(String(code)) ? String(code) : error.name;
}
