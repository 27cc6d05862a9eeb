import { resolve } from "node:path";
import { AplomoError, InterruptedError } from "../base/errors.ts";
import type { Event, Json } from "../base/events.ts";
import type { Config } from "../config/config.ts";
import { loadConfig, type LoadOptions } from "../config/load.ts";
import { appPaths, homeFolder } from "../deploy/paths.ts";
import { imagesToDeploy } from "../images/record.ts";
import { openSession, type Session } from "../deploy/session.ts";
import type { Context } from "../host/context.ts";
import { local } from "../host/local.ts";
import { takeLock } from "../host/lock.ts";
import { openPrinter } from "../report/open.ts";
import type { GlobalOptions } from "./options.ts";

/** What a command works with: a context whose events reach the chosen printer, and the ways to end. */
export interface Shell {
  ctx: Context;
  options: GlobalOptions;
  /** What the command found, as data; each printer shows it its own way. */
  result(command: string, data: Json): void;
  /** Reads aplomo.yml. Commands that make a release want every variable of `env.from`. */
  config(options?: ConfigOptions): Promise<Config>;
  /** Reads aplomo.yml and opens its drivers. */
  session(options?: ConfigOptions): Promise<Session>;
  /** Runs with the application's lock. */
  locked<T>(session: Session, operation: string, action: () => Promise<T>): Promise<T>;
}

type ConfigOptions = Omit<LoadOptions, "attempt"> & {
  /** `web=registry.example/web@sha256:...`, instead of what was built last. */
  images?: readonly string[] | undefined;
};

/** Runs a command's body: printer, Ctrl-C, errors to exit codes. */
export async function inShell(options: GlobalOptions, body: (shell: Shell) => Promise<number>): Promise<number> {
  const now = (): Date => new Date();
  const printer = await openPrinter({ json: options.json ?? false }, now);
  const stop = new AbortController();
  const interrupt = (): void =>
    stop.abort(new InterruptedError({ operation: "go on with", subject: "the command", cause: "it was interrupted" }));
  // A connection that is lost ends nothing: what was begun comes to its end.
  const goOn = (): void => {};
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt).on("SIGHUP", goOn);
  const emit = (event: Event): void => printer.emit(event);
  const ctx: Context = {
    host: local,
    emit,
    signal: stop.signal,
    home: resolve(homeFolder(process.env)),
    now,
    source: options.given?.source,
  };
  const shell: Shell = {
    ctx,
    options,
    result: (command, data) => emit({ type: "result", command, data }),
    config: (how = {}) =>
      loadConfig(resolve(options.config), process.env, { ...how, attempt: (command) => local.attempt(command, stop.signal) }),
    async session(how) {
      const config = await shell.config(how);
      const built = await imagesToDeploy(appPaths(ctx.home, config.settings.app).root, config.settings, how?.images);
      return openSession(ctx, { ...config, built });
    },
    async locked(session, operation, action) {
      const lock = options.given?.lock ?? (await takeLock(session.paths.lock, operation));
      try {
        return await action();
      } finally {
        await lock.release();
      }
    },
  };
  try {
    const code = await body(shell);
    return stop.signal.aborted && code === 1 ? 130 : code;
  } catch (error) {
    if (!(error instanceof AplomoError)) throw error;
    emit({ type: "error", message: error.message, ...(error.hint ? { hint: error.hint } : {}), exitCode: error.exitCode });
    return error.exitCode;
  } finally {
    printer.close();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt).off("SIGHUP", goOn);
  }
}
