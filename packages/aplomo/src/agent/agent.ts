import type { Server } from "node:http";
import { counted } from "../base/count.ts";
import { reason } from "../base/errors.ts";
import { delay } from "../base/time.ts";
import type { Context } from "../host/context.ts";
import { takeLock } from "../host/lock.ts";
import { Live } from "./door/live.ts";
import { openPublic, openSocket, type Listen } from "./door/open.ts";
import { Timekeeper } from "./keep-time.ts";
import { agentPaths, watchPaths } from "./paths.ts";
import { listApps, type Registered } from "./registry.ts";
import { Renewal } from "./renewal.ts";
import type { Run } from "./runs.ts";
import { startAsProcess, type Program } from "./start.ts";
import { askAsProcess, readLook, Watcher } from "./watch.ts";

/** Between two looks at the clock. */
const beat = 2_000;
/** Looks under way at a time: each is a process, and the machine has other things to do. */
const most = 2;

export interface Manner {
  listen?: Listen | undefined;
  /** Whoever started it starts it again when it ends. */
  kept?: boolean | undefined;
}

/**
 * Looks after all applications of a server until it is told to stop, or another Aplomo has come and whoever keeps it is to start that one.
 * What it starts outlives it, and everything it knows is on disk: it may be killed and started again at any time.
 */
export async function runAgent(ctx: Context, program: Program, { listen, kept = false }: Manner): Promise<void> {
  const paths = agentPaths(ctx.home);
  const lock = await takeLock(paths.lock, "agent");
  const timekeeper = new Timekeeper(ctx, startAsProcess(ctx, program));
  const watcher = new Watcher(ctx, askAsProcess(ctx, program));
  const looking = new Map<string, Promise<void>>();
  const look = (app: Registered): void => {
    if (looking.size >= most || looking.has(app.app) || !watcher.isDue(app)) return;
    const done = watcher
      .look(app, watchPaths(paths, app.app))
      .then(() => {})
      .catch((error: unknown) => {
        // Told to stop, it stops in the middle of one.
        if (!ctx.signal.aborted) ctx.emit({ type: "warning", message: `the look at ${app.app} failed: ${reason(error)}` });
      })
      .finally(() => looking.delete(app.app));
    looking.set(app.app, done);
  };
  const live = new Live(ctx.home);
  const doors = { ctx, timekeeper, live };
  const open: Server[] = [];
  const renewal = await Renewal.from(ctx, program);
  let told = false;
  /** Another Aplomo stands in its place: between two jobs this one ends, if somebody begins that one. */
  const hasToEnd = async (): Promise<boolean> => {
    if (told || !timekeeper.isIdle || !(await renewal.isDue())) return false;
    if (kept) return timekeeper.isIdle;
    told = true;
    ctx.emit({ type: "warning", message: "Aplomo was replaced, and the agent is the former one", hint: "Start it anew." });
    return false;
  };
  try {
    open.push(await openSocket(doors));
    if (listen) open.push(await openPublic(doors, listen));
    ctx.emit({ type: "progress", subject: "agent", message: `looks after ${counted((await listApps(paths)).length, "application")}` });
    while (!ctx.signal.aborted) {
      // First, while what the last beat began may have ended.
      if (await hasToEnd()) {
        ctx.emit({ type: "progress", subject: "agent", message: "Aplomo was replaced: this one ends, and the new one takes over" });
        break;
      }
      for (const app of await listApps(paths)) {
        const its = watchPaths(paths, app.app);
        // As aplomo.yml has them now, not when the application was added.
        const jobs = readLook(its)?.jobs ?? app.jobs;
        try {
          tellBegun(ctx, app.app, await timekeeper.tick(app, jobs, its.runs));
        } catch (error) {
          // A line of cron that says nothing, a full disk: the other applications have their time all the same.
          ctx.emit({ type: "warning", message: `${app.app} was left out: ${reason(error)}` });
        }
        look(app);
      }
      await delay(beat, ctx.signal).catch(() => {});
    }
  } finally {
    live.close();
    for (const server of open) {
      server.close();
      server.closeAllConnections();
    }
    await Promise.all(looking.values());
    await lock.release();
  }
}

function tellBegun(ctx: Context, app: string, run: Run | undefined): void {
  if (run === undefined) return;
  const missed = run.missed > 0 ? `, which makes up ${run.missed} that were missed` : "";
  const again = run.attempt > 1 ? `, attempt ${run.attempt}` : "";
  ctx.emit({ type: "progress", subject: app, message: `began ${run.job} of ${run.slot.toISOString()}${missed}${again}` });
}
