import { rm } from "node:fs/promises";
import type { Context } from "../host/context.ts";
import { dueRun, isUnderWay } from "./due.ts";
import type { Job } from "./jobs.ts";
import type { Registered } from "./registry.ts";
import { listRuns, planRun, readRun, runId, type Run } from "./runs.ts";
import type { Start } from "./start.ts";

const day = 24 * 60 * 60_000;
/** Runs stay for so long, and no more than so many; the newest of each job always does, for it says what was done last. */
const keepFor = 60 * day;
const most = 1_000;

/** Begins what an application's jobs owe now: one at a time, for they need the same lock and the same disk. */
export class Timekeeper {
  readonly #ctx: Context;
  readonly #start: Start;
  /** Runs this process has begun itself, by folder: nobody else's process will claim them. */
  readonly #begun = new Map<string, Promise<void>>();
  /** By folder of an application's runs: those that have ended, which are not read again at every tick. */
  readonly #ended = new Map<string, Map<string, Run>>();

  constructor(ctx: Context, start: Start) {
    this.#ctx = ctx;
    this.#start = start;
  }

  /** One look at one application. Returns the run that it began. */
  async tick(app: Registered, jobs: readonly Job[], folder: string): Promise<Run | undefined> {
    const now = this.#ctx.now();
    const ended = this.#ended.get(folder) ?? new Map<string, Run>();
    this.#ended.set(folder, ended);
    const runs = await listRuns(folder, ended);
    // Left by an agent that died before it had begun it, or before that process could say so: whoever claims it first has it.
    const claimed = runs.find((run) => run.state === "claimed" && !this.#begun.has(run.folder));
    if (claimed) return this.#begin(app, claimed);
    if (runs.some(isUnderWay)) return undefined;
    for (const job of jobs) {
      const due = dueRun(job, runs, new Date(app.addedAt), now);
      if (due === undefined) continue;
      const id = runId(job.name, due.slot, due.attempt);
      await planRun(folder, id, { argv: job.argv, missed: due.missed });
      await forget(runs, jobs, now);
      const run = await readRun(folder, id);
      if (run?.state === "claimed") return this.#begin(app, run);
    }
    return undefined;
  }

  /** Begins something that was asked for now. */
  async act(app: Registered, folder: string, name: string, argv: string[]): Promise<Run> {
    const now = this.#ctx.now();
    for (let attempt = 1; ; attempt += 1) {
      const id = runId(name, now, attempt);
      if (!(await planRun(folder, id, { argv, missed: 0 }))) continue;
      const run = await readRun(folder, id);
      if (run) return this.#begin(app, run);
    }
  }

  /** Nothing that was begun here is under way. */
  get isIdle(): boolean {
    return this.#begun.size === 0;
  }

  /** Resolves when the processes begun here have ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#begun.values());
  }

  #begin(app: Registered, run: Run): Run {
    const ended = this.#start(app, run)
      .catch((error: unknown) => {
        const message = `${run.job} of ${app.app} could not be begun: ${error instanceof Error ? error.message : String(error)}`;
        this.#ctx.emit({ type: "warning", message });
      })
      .finally(() => this.#begun.delete(run.folder));
    this.#begun.set(run.folder, ended);
    return run;
  }
}

async function forget(runs: readonly Run[], jobs: readonly Job[], now: Date): Promise<void> {
  const newest = new Set(jobs.map((job) => runs.find((run) => run.job === job.name)?.id));
  const old = runs.filter(
    (run, index) => (index >= most || now.getTime() - run.slot.getTime() > keepFor) && !isUnderWay(run) && !newest.has(run.id),
  );
  for (const run of old) await rm(run.folder, { recursive: true, force: true });
}
