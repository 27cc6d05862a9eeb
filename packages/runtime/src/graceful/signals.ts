import type { Log } from "../log.ts";

/** Milliseconds in which another signal is the same wish said twice: npm forwards Ctrl-C, and a terminal sends it to the whole group. */
const echo = 1_000;
const numbers: Record<string, number> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 };

export interface SignalActions {
  /** Called once for a wish to end, and for every uncaught error. */
  end: (reason: string, failed: boolean) => void;
  exit: (code: number) => void;
  log: Log;
}

/** Listens to everything that can end this process: signals, PM2's message, errors nobody caught. */
export function listenForTheEnd(signals: readonly NodeJS.Signals[], { end, exit, log }: SignalActions): void {
  let signalled = Number.NaN;
  let failed = false;

  for (const signal of signals) {
    process.on(signal, () => {
      const now = performance.now();
      if (Number.isNaN(signalled)) {
        signalled = now;
        end(signal, false);
      } else if (now - signalled > echo) {
        log("warn", `${signal} again: exiting without waiting`);
        exit(128 + (numbers[signal] ?? 0));
      }
    });
  }

  // PM2 says it before a signal, which may come seconds later and means the same.
  if (process.env.pm_id !== undefined) {
    process.on("message", (message) => {
      if (message === "shutdown") end("PM2's shutdown message", false);
    });
  }

  process.on("uncaughtException", (error, origin) => {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log("error", `${origin}: ${stack}`);
    if (failed) exit(1);
    failed = true;
    end(origin, true);
  });
}
