import { delay } from "../base/time.ts";
import type { Context } from "../host/context.ts";
import { takeLock } from "../host/lock.ts";
import { Timekeeper } from "./keep-time.ts";
import { agentPaths, watchPaths } from "./paths.ts";
import { listApps } from "./registry.ts";
import type { Run } from "./runs.ts";
import { startAsProcess, type Program } from "./start.ts";

/** Between two looks at the clock. */
const beat = 2_000;

/**
 * Looks after all applications of a server until it is told to stop. What it starts outlives it, and everything it knows is on disk: it
 * may be killed and started again at any time.
 */
export async function runAgent(ctx: Context, program: Program): Promise<void> {
  const paths = agentPaths(ctx.home);
  const lock = await takeLock(paths.lock, "agent");
  const timekeeper = new Timekeeper(ctx, startAsProcess(ctx, program));
  try {
    ctx.emit({ type: "progress", subject: "agent", message: `looks after ${(await listApps(paths)).length} applications` });
    while (!ctx.signal.aborted) {
      for (const app of await listApps(paths))
        tellBegun(ctx, app.app, await timekeeper.tick(app, app.jobs, watchPaths(paths, app.app).runs));
      await delay(beat, ctx.signal).catch(() => {});
    }
  } finally {
    await lock.release();
  }
}

function tellBegun(ctx: Context, app: string, run: Run | undefined): void {
  if (run === undefined) return;
  const missed = run.missed > 0 ? `, which makes up ${run.missed} that were missed` : "";
  const again = run.attempt > 1 ? `, attempt ${run.attempt}` : "";
  ctx.emit({ type: "progress", subject: app, message: `began ${run.job} of ${run.slot.toISOString()}${missed}${again}` });
}
