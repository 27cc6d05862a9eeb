import type { Ask, Check, CheckReport } from "../health/check.ts";
import type { HookWork } from "./hooks.ts";
import { App } from "./app.ts";
import type { GracefulOptions } from "./options.ts";
import { type Servable, serverOf } from "./servable.ts";
import type { ShutdownState } from "./shutdown.ts";

/** The application's end, and its health. */
export interface Graceful {
  /** Watches one more server. */
  add(server: Servable): Graceful;
  /** Adds a check, or replaces the one of that name. */
  check(name: string, check: Check | Ask): Graceful;
  /** Runs when draining begins, while everything is still served: end event streams, leave queues. `limit`: milliseconds, default 2,000. */
  onDrain(name: string, work: HookWork, limit?: number): Graceful;
  /** Runs when the last request is answered; last added, first run. `limit`: milliseconds, default 2,000. A failure does not stop the others. */
  onClose(name: string, work: HookWork, limit?: number): Graceful;
  /** Drains, closes and ends the process, as a signal does. */
  shutdown(reason: string): Promise<void>;
  /** What the checks say. */
  report(): Promise<CheckReport>;
  readonly state: ShutdownState;
  /** Aborted when draining begins. */
  readonly signal: AbortSignal;
}

/** One process ends once, also when the library was loaded twice: by a preload and by the application, or bundled into it. */
const key = Symbol.for("@aplomo/runtime graceful");
const registry = globalThis as { [key]?: App };

/**
 * Makes a server end without losing a request, and answers its health endpoints.
 *
 * `server`: a `node:http`, `https` or `http2` server; what Express' or Koa's `listen` or Hono's `serve` returns; a Fastify or NestJS
 * application, which is then also closed; null when it is not there yet, or somebody else (`@aplomo/runtime/auto`) brings it.
 * May be called before or after `listen`, and again: each call adds its server, its checks and whatever options it names.
 * Throws a TypeError when `server` is none of these.
 */
export function graceful(server: Servable | null, options: GracefulOptions = {}): Graceful {
  const app = (registry[key] ??= new App(options));
  app.configure(options);
  const handle: Graceful = {
    add(servable) {
      const { server, close } = serverOf(servable);
      app.watch(server);
      if (close) app.shutdown.onClose("the framework", close, 2_000);
      return handle;
    },
    check(name, check) {
      app.checks.add(name, check);
      return handle;
    },
    onDrain(name, work, limit = 2_000) {
      app.shutdown.onDrain(name, work, limit);
      return handle;
    },
    onClose(name, work, limit = 2_000) {
      app.shutdown.onClose(name, work, limit);
      return handle;
    },
    shutdown: (reason) => app.shutdown.begin(reason, false),
    report: () => app.checks.report(),
    get state() {
      return app.shutdown.state;
    },
    get signal() {
      return app.shutdown.signal;
    },
  };
  return server === null ? handle : handle.add(server);
}
