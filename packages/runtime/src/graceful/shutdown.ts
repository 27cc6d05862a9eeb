import cluster from "node:cluster";
import { once } from "node:events";
import type { Log } from "../log.ts";
import { delay, within } from "../time.ts";
import { Hooks, type HookWork } from "./hooks.ts";
import type { Traffic } from "./traffic.ts";

/** Milliseconds kept for the hooks when requests take all the time there is, at most. */
const reserve = 1_000;
/** Milliseconds the cluster's primary has to confirm that it hands us no more connections. */
const farewellToPrimary = 500;

/** What a shutdown needs to know, read when it happens, so that later settings count. */
export interface ShutdownSettings {
  drain: number;
  deadline: number;
  errorDeadline: number;
  log: Log;
  exit: (code: number) => void;
}

export type ShutdownState = "running" | "draining" | "closing" | "closed";

/** The end of the process: once, in order, within one deadline. */
export class Shutdown {
  readonly #settings: ShutdownSettings;
  readonly #traffics: Set<Traffic>;
  readonly #onDrain = new Hooks();
  readonly #onClose = new Hooks();
  readonly #abort = new AbortController();
  #state: ShutdownState = "running";
  #failed = false;
  #end = Number.POSITIVE_INFINITY;
  #alarm: NodeJS.Timeout | undefined;
  #done: Promise<void> | undefined;

  constructor(settings: ShutdownSettings, traffics: Set<Traffic>) {
    this.#settings = settings;
    this.#traffics = traffics;
  }

  get state(): ShutdownState {
    return this.#state;
  }

  /** Aborted the moment draining begins. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  onDrain(name: string, work: HookWork, limit: number): void {
    this.#onDrain.add(name, work, limit);
  }

  onClose(name: string, work: HookWork, limit: number): void {
    this.#onClose.add(name, work, limit);
  }

  /** Begins, or joins the one under way. `failed`: after an uncaught error, which shortens the deadline and makes the exit code 1. */
  begin(reason: string, failed: boolean): Promise<void> {
    const { deadline, errorDeadline } = this.#settings;
    this.#failed ||= failed;
    this.#limit(performance.now() + (failed ? Math.min(deadline, errorDeadline) : deadline));
    this.#done ??= this.#run(reason);
    return this.#done;
  }

  async #run(reason: string): Promise<void> {
    const { log, exit } = this.#settings;
    const drain = Math.min(this.#settings.drain, (this.#end - performance.now()) / 2);
    this.#state = "draining";
    log("info", `draining: ${reason}`, { inFlight: this.#inFlight(), deadline: `${Math.round(this.#end - performance.now())} ms` });
    for (const traffic of this.#traffics) traffic.drain();
    this.#abort.abort();
    const told = this.#onDrain.run(this.#end, log);
    await delay(drain);

    this.#state = "closing";
    const quiet = await this.#closeTraffic();
    await leaveCluster();
    const clean = [await told, await this.#onClose.run(this.#end, log)].every(Boolean);

    this.#state = "closed";
    clearTimeout(this.#alarm);
    const code = quiet && clean && !this.#failed ? 0 : 1;
    log(code === 0 ? "info" : "error", `closed: ${reason}`, { exit: code });
    exit(code);
  }

  /** False when requests outlasted their time and were cut. */
  async #closeTraffic(): Promise<boolean> {
    const closing = Promise.all([...this.#traffics].map((traffic) => traffic.stop()));
    for (;;) {
      const left = this.#end - performance.now();
      const kept = this.#onClose.count > 0 ? Math.min(reserve, this.#settings.deadline / 4) : 0;
      try {
        // In short turns, because an error on the way brings the deadline nearer.
        await within(closing, Math.max(0, Math.min(100, left - kept)));
        return true;
      } catch {
        if (left > kept + 100) continue;
        this.#dump();
        for (const traffic of this.#traffics) traffic.destroy();
        return false;
      }
    }
  }

  /** Never later than `end`: whatever hangs, the process ends. */
  #limit(end: number): void {
    if (end >= this.#end) return;
    this.#end = end;
    clearTimeout(this.#alarm);
    this.#alarm = setTimeout(() => {
      this.#dump();
      this.#settings.exit(1);
    }, end - performance.now());
  }

  #dump(): void {
    const requests = [...this.#traffics].flatMap((traffic) => traffic.requests());
    const handles = new Map<string, number>();
    for (const name of process.getActiveResourcesInfo()) handles.set(name, (handles.get(name) ?? 0) + 1);
    const open = [...handles].map(([name, count]) => `${name} ${count}`);
    this.#settings.log("error", "the deadline has passed: cutting what is left", { requests, open });
  }

  #inFlight(): number {
    return [...this.#traffics].reduce((sum, traffic) => sum + traffic.inFlight, 0);
  }
}

/** Waits until the primary has stopped handing us connections: one that is on its way to a process that exits would hang for ever. */
async function leaveCluster(): Promise<void> {
  const { worker } = cluster;
  if (!worker?.isConnected()) return;
  const left = once(worker, "disconnect");
  worker.disconnect();
  await within(left, farewellToPrimary).catch(() => undefined);
}
