import type { Log } from "../log.ts";
import { within } from "../time.ts";

/** Work at the end of the process's life. The signal is aborted when its time is up. */
export type HookWork = (signal: AbortSignal) => unknown;

interface Hook {
  name: string;
  work: HookWork;
  /** Milliseconds. */
  limit: number;
}

/** What was opened first is closed last: the database, normally opened first, outlives what still uses it. */
export class Hooks {
  readonly #hooks: Hook[] = [];

  get count(): number {
    return this.#hooks.length;
  }

  add(name: string, work: HookWork, limit: number): void {
    this.#hooks.push({ name, work, limit });
  }

  /** Runs them one after another, last in first out, each within its limit and all before `end` (performance.now). True when none failed. */
  async run(end: number, log: Log): Promise<boolean> {
    let clean = true;
    for (let hook = this.#hooks.pop(); hook; hook = this.#hooks.pop()) {
      const limit = Math.max(0, Math.min(hook.limit, end - performance.now()));
      const stop = new AbortController();
      try {
        await within((async () => hook.work(stop.signal))(), limit);
      } catch (error) {
        clean = false;
        log("error", `closing ${hook.name} failed`, { reason: String(error) });
      } finally {
        stop.abort();
      }
    }
    return clean;
  }
}
