import type { Checks } from "../health/checks.ts";
import { reasons } from "../health/status.ts";
import type { Log } from "../log.ts";
import { delay } from "../time.ts";

/** Milliseconds between two looks at the checks, and between two lines about them. */
const every = 250;
const sayEvery = 5_000;

/** Waits for the first passing checks, then tells PM2 (`wait_ready`). False when `wanted` says no in the meantime. */
export async function sayReady(checks: Checks, wanted: () => boolean, log: Log): Promise<boolean> {
  let said = performance.now();
  for (;;) {
    const report = await checks.report();
    if (!wanted()) return false;
    if (report.status !== "unhealthy") break;
    if (performance.now() - said >= sayEvery) {
      said = performance.now();
      log("warn", "not ready yet", { reason: reasons(report) });
    }
    await delay(every);
  }
  if (process.env.pm_id !== undefined) process.send?.("ready");
  return true;
}
