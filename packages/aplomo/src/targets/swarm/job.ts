import { reveal } from "../../base/secret.ts";
import { poll } from "../../base/time.ts";
import { createJob, readJobTasks, removeJob } from "../../host/engine.ts";
import { withLogin } from "../../host/login.ts";
import type { Job, JobResult, ReleaseFolder } from "../contract.ts";
import { maskEnvironment } from "../release-env.ts";
import { ask, dissolve, type Task } from "./api.ts";
import { logsOf } from "./logs.ts";
import { readFrozen } from "./record.ts";
import { environmentOf, toJob } from "./spec.ts";

/** A job of the swarm's own kind: it runs once, on whichever node the service may, and is watched until its end. */
export async function runOnce(app: string, release: ReleaseFolder, job: Job): Promise<JobResult> {
  const { spec } = await readFrozen(release);
  const name = `${app}-${job.id}`;
  const purpose = { operation: "run", subject: job.run.join(" ") };
  const given = Object.fromEntries(Object.entries(job.env).map(([key, value]) => [key, reveal(value)]));
  const started = performance.now();
  await end(name);
  try {
    job.signal.throwIfAborted();
    await ask(await withLogin(createJob(name, toJob(spec, job.run, given)), spec.TaskTemplate.ContainerSpec.Image), purpose);
    const done = await poll(async () => over(await taskOf(name)), { limit: job.limit, every: 200, signal: job.signal });
    const task = done ?? (await taskOf(name));
    const said = task ? await logsOf(task.ID, 40).catch(() => "") : "";
    const why = done?.Status.State === "rejected" ? (done.Status.Err ?? "") : "";
    return {
      code: done?.Status.ContainerStatus?.ExitCode ?? (done?.Status.State === "complete" ? 0 : null),
      timedOut: done === undefined,
      durationMs: performance.now() - started,
      output: maskEnvironment([said, why].filter(Boolean).join("\n"), { ...environmentOf(spec.TaskTemplate.ContainerSpec.Env), ...given }),
    };
  } finally {
    await end(name);
  }
}

async function taskOf(name: string): Promise<Task | undefined> {
  return (await ask<Task[]>(readJobTasks(name), { operation: "watch", subject: name }))?.at(-1);
}

function over(task: Task | undefined): Task | undefined {
  return task && ["complete", "failed", "rejected", "orphaned", "shutdown"].includes(task.Status.State) ? task : undefined;
}

/** Also when the caller was interrupted. */
const end = (name: string): Promise<void> => dissolve(removeJob(name), readJobTasks(name), { operation: "end", subject: name });
