import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Checks } from "../health/checks.ts";
import { endpoints } from "../health/endpoints.ts";
import { readRelease } from "../health/release.ts";
import type { State, StatusParts } from "../health/status.ts";
import { measureVitals } from "../health/vitals.ts";
import { lineLog, type Log } from "../log.ts";
import type { GracefulOptions } from "./options.ts";
import { sayReady } from "./ready.ts";
import { Shutdown, type ShutdownSettings } from "./shutdown.ts";
import { listenForTheEnd } from "./signals.ts";
import { findSupervisor, killWarning } from "./supervisor.ts";
import { Traffic } from "./traffic.ts";
import { watchZombies } from "./zombies.ts";

/** What one process has, however many servers it runs. */
export class App {
  readonly checks: Checks = new Checks();
  readonly shutdown: Shutdown;
  readonly #traffics = new Set<Traffic>();
  readonly #settings: ShutdownSettings;
  readonly #vitals = measureVitals();
  readonly #release = readRelease(process.env);
  #answer: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  #health: Exclude<GracefulOptions["health"], false | undefined> = {};
  #ready = false;

  constructor({ signals = ["SIGTERM", "SIGINT"] }: GracefulOptions) {
    this.#settings = {
      drain: process.env.NODE_ENV === "production" ? 500 : 0,
      deadline: 8_000,
      errorDeadline: 2_000,
      log: lineLog("aplomo"),
      exit: (code) => process.exit(code),
    };
    this.shutdown = new Shutdown(this.#settings, this.#traffics);
    this.configure({ health: {} });
    const log: Log = (...line) => this.#settings.log(...line);
    const { exit } = this.#settings;
    listenForTheEnd(signals, { end: (reason, failed) => void this.shutdown.begin(reason, failed), exit, log });
    watchZombies(log);
    // After the caller had its turn to say otherwise.
    setImmediate(() => {
      const warning = killWarning(findSupervisor(process.env), this.#settings.deadline);
      if (warning) log("warn", warning);
    }).unref();
  }

  /** Takes over what is named and leaves the rest as it was. */
  configure({ drain, deadline, errorDeadline, health, checks = {}, log }: GracefulOptions): void {
    const named = Object.entries({ drain, deadline, errorDeadline, log }).filter(([, value]) => value !== undefined);
    Object.assign(this.#settings, Object.fromEntries(named));
    for (const [name, check] of Object.entries(checks)) this.checks.add(name, check);
    if (health === false) this.#answer = () => false;
    else if (health) {
      this.#health = { ...this.#health, ...health };
      this.checks.configure(this.#health);
      this.#answer = endpoints({ draining: () => this.#state() === "draining", parts: () => this.#parts() }, this.#health);
    }
  }

  /** Watches a server, once. Its readiness counts from the moment it listens. */
  watch(server: Server): void {
    if ([...this.#traffics].some((traffic) => traffic.server === server)) return;
    this.#traffics.add(new Traffic(server, (request, response) => this.#answer(request, response)));
    const listening = (): void => void this.#becomeReady();
    if (server.listening) listening();
    else server.once("listening", listening);
  }

  async #becomeReady(): Promise<void> {
    if (this.#ready) return;
    this.#ready = await sayReady(this.checks, () => this.shutdown.state === "running", this.#settings.log);
  }

  #state(): State {
    if (this.shutdown.state !== "running") return "draining";
    return this.#ready ? "running" : "starting";
  }

  async #parts(): Promise<StatusParts> {
    const report = await this.checks.report();
    // Without the request that asks.
    const inFlight = Math.max(0, [...this.#traffics].reduce((sum, traffic) => sum + traffic.inFlight, 0) - 1);
    return { state: this.#state(), report, release: this.#release, vitals: this.#vitals(), inFlight };
  }
}
