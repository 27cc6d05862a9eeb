import { AplomoError } from "../../base/errors.ts";
import type { Evidence } from "../../base/events.ts";
import { poll } from "../../base/time.ts";
import type { Context } from "../../host/context.ts";
import { updateService } from "../../host/engine.ts";
import type { ReleaseFolder } from "../contract.ts";
import { ask, getService, tasksOf, type Service, type Spec, type Task } from "./api.ts";
import { readFrozen } from "./record.ts";
import { releaseLabel, startLabel, toStart } from "./spec.ts";
import { hasFailed, isMeant, startOf } from "./tasks.ts";

/** What a start needs to know. */
export interface Switching {
  ctx: Context;
  /** The service's name. */
  service: string;
  monitorMs: number;
  /** From the order to the last new task. */
  limit: number;
}

/**
 * The service becomes what the release means, and the swarm replaces its tasks. Returns when it runs exactly tasks of this start, and
 * throws when a new one fails before: then the update is paused, and what was healthy goes on.
 */
export async function start(switching: Switching, release: ReleaseFolder): Promise<Evidence> {
  const { spec } = await readFrozen(release);
  const replicas = spec.Mode.Replicated?.Replicas ?? 1;
  const service = await getService(switching.service);
  let mark = runningStart(service, release);
  const changed = mark === undefined || service.Spec.Mode.Replicated?.Replicas !== replicas;
  if (changed) {
    // Never an earlier mark again: tasks of that start would count for this one.
    mark = String(switching.ctx.now().getTime());
    await put(service, toStart(spec, { release: release.id, start: mark, monitorMs: switching.monitorMs }));
  }
  const tasks = await converge(switching, release, String(mark), replicas);
  return { service: switching.service, updated: changed, tasks: tasks.map(({ ID }) => ID) };
}

/** The mark of the start that is in front already; undefined when another release is, or its update was paused. */
function runningStart({ Spec, UpdateStatus }: Service, release: ReleaseFolder): string | undefined {
  const { Labels = {} } = Spec.TaskTemplate.ContainerSpec;
  const sound = !/^(paused|rollback)/.test(UpdateStatus?.State ?? "");
  return Labels[releaseLabel] === release.id && sound ? Labels[startLabel] : undefined;
}

/** Somebody else (a panel) may change the service between looking and acting: the engine refuses, and it is read again. */
async function put(service: Service, spec: Spec): Promise<void> {
  const purpose = { operation: "update", subject: `the service ${spec.Name}` };
  const tried = async (now: Service): Promise<true | undefined> => {
    try {
      await ask(updateService(now.ID, now.Version.Index, spec), purpose);
      return true;
    } catch (error) {
      if (error instanceof AplomoError && /update out of sequence/.test(error.message)) return undefined;
      throw error;
    }
  };
  if (await tried(service)) return;
  const done = await poll(async () => tried(await getService(spec.Name)), { limit: 10_000, every: 200 });
  if (!done)
    throw new AplomoError({ ...purpose, cause: "somebody else changes it all the time", hint: "See who: `docker service inspect`." });
}

async function converge(switching: Switching, release: ReleaseFolder, mark: string, replicas: number): Promise<Task[]> {
  const { service, limit, ctx } = switching;
  // After Ctrl-C a start is what takes things back.
  const heeded = ctx.signal.aborted ? {} : { signal: ctx.signal };
  let last: Task[] = [];
  const ready = await poll(
    async () => {
      const tasks = await tasksOf(service);
      last = tasks.filter((task) => startOf(task) === mark);
      const failed = last.find(hasFailed);
      if (failed) throw endedTask(release, failed);
      const state = (await getService(service)).UpdateStatus;
      // Of an earlier update as long as none of ours is there.
      if (last.length > 0 && /^(paused|rollback)/.test(state?.State ?? "")) {
        const cause = `the swarm's update is ${state?.State}: ${state?.Message ?? "no reason is given"}`;
        throw new AplomoError({ operation: "start", subject: release.id, cause, hint: `See \`docker service ps ${service}\`.` });
      }
      const running = last.filter((task) => isMeant(task) && task.Status.State === "running");
      const strays = tasks.filter((task) => startOf(task) !== mark && (isMeant(task) || task.Status.State === "running"));
      return running.length === replicas && strays.length === 0 ? running : undefined;
    },
    { limit, every: 250, ...heeded },
  );
  if (ready) return ready;
  const stuck = last.find((task) => task.Status.State !== "running");
  const where = stuck
    ? `${stuck.ID.slice(0, 12)} is ${stuck.Status.State}${stuck.Status.Err ? `: ${stuck.Status.Err}` : ""}`
    : "no task was made";
  throw new AplomoError({
    operation: "start",
    subject: release.id,
    cause: `not ${replicas} of ${replicas} tasks run after ${Math.round(limit / 1_000)} s: ${where}`,
    hint: `See \`docker service ps --no-trunc ${service}\`: a node may lack the image, the memory, or a place that fits.`,
  });
}

function endedTask(release: ReleaseFolder, task: Task): AplomoError {
  const code = task.Status.ContainerStatus?.ExitCode ?? (task.Status.State === "complete" ? 0 : null);
  return new AplomoError({
    operation: "start",
    subject: release.id,
    cause: `its task ${task.ID.slice(0, 12)} ended (${task.Status.Err ?? task.Status.State})${code === null ? "" : ` with exit code ${code}`}`,
    evidence: { task: task.ID, exitCode: code, state: task.Status.State },
    hint: "A server must not end by itself, with whatever exit code: see `docker service logs`.",
  });
}

/** No task is left; the service stays, with everything else as it is. */
export async function stop(switching: Switching, release: ReleaseFolder, adopted: string | null): Promise<Evidence> {
  const service = await getService(switching.service);
  const present = service.Spec.TaskTemplate.ContainerSpec.Labels?.[releaseLabel] ?? adopted;
  if (present !== release.id) return { stopped: [] };
  const before = (await tasksOf(switching.service)).filter(isMeant);
  await put(service, { ...service.Spec, Mode: { Replicated: { Replicas: 0 } } });
  const gone = await poll(
    async () => {
      const tasks = await tasksOf(switching.service);
      return tasks.every((task) => !isMeant(task) && !["running", "starting", "preparing"].includes(task.Status.State)) || undefined;
    },
    { limit: switching.limit, every: 250 },
  );
  if (gone) return { stopped: before.map(({ ID }) => ID) };
  const cause = `tasks still run after ${Math.round(switching.limit / 1_000)} s`;
  throw new AplomoError({ operation: "stop", subject: release.id, cause, hint: "A node may be lost: see `docker node ls`." });
}
