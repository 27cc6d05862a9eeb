import { counted } from "../../base/count.ts";
import { AplomoError } from "../../base/errors.ts";
import type { Evidence } from "../../base/events.ts";
import { poll } from "../../base/time.ts";
import type { Context } from "../../host/context.ts";
import { createBeside, removeBeside } from "../../host/engine.ts";
import { withLogin } from "../../host/login.ts";
import type { ReleaseFolder } from "../contract.ts";
import { ask, getService, isMeant, tasksOf, type Service, type Spec, type Task } from "./api.ts";
import { readFrozen } from "./record.ts";
import { homeOf, put, releaseOf, servicesOf } from "./services.ts";
import { releaseLabel, replicasOf, startLabel, toBeside, toRest, toStart } from "./spec.ts";
import { hasFailed, startOf } from "./tasks.ts";

/** What a start needs to know. */
export interface Switching {
  ctx: Context;
  /** The service's name. */
  service: string;
  monitorMs: number;
  /** From the order to the last new task. */
  limit: number;
  /** How long tasks must have run until they are replaced progressively; 0: always. */
  stabilise: number;
}

/**
 * Exactly this release runs afterwards: in its own service when it has one beside the user's, else in the user's, whose tasks the swarm then
 * replaces. Returns when it runs exactly tasks of this start, and throws when a new one fails before: what was healthy goes on.
 */
export async function start(switching: Switching, release: ReleaseFolder): Promise<Evidence> {
  const services = await servicesOf(switching.service);
  const home = homeOf(services, release);
  const { spec } = await readFrozen(release);
  const meant = home === services.own ? spec : toBeside(spec, release.id);
  const evidence = await bring(switching, release, home, meant);
  for (const other of [services.own, ...services.beside.values()]) if (other !== home) await rest(switching, other);
  return evidence;
}

/** The release runs in a service of its own, which an edge can point at; nothing else is touched. */
export async function startBeside(switching: Switching, release: ReleaseFolder): Promise<Evidence> {
  const { beside } = await servicesOf(switching.service);
  const home = beside.get(release.id);
  const meant = toBeside((await readFrozen(release)).spec, release.id);
  if (home) return bring(switching, release, home, meant);
  const mark = markOf(switching);
  const spec = toStart(meant, { release: release.id, start: mark, monitorMs: switching.monitorMs, progressive: true });
  const call = await withLogin(createBeside(switching.service, release.id, spec), spec.TaskTemplate.ContainerSpec.Image);
  await ask(call, { operation: "start", subject: `${release.id} beside ${switching.service}` });
  const tasks = await converge(switching, release, meant.Name, mark, replicasOf(spec));
  return { service: meant.Name, tasks: tasks.map(({ ID }) => ID) };
}

/** Takes its service away, when Aplomo made one for it. */
export async function retire({ service }: Switching, release: ReleaseFolder): Promise<void> {
  await ask(removeBeside(service, release.id), { operation: "remove", subject: `${release.id} beside ${service}` });
}

async function bring(switching: Switching, release: ReleaseFolder, service: Service, meant: Spec): Promise<Evidence> {
  const replicas = replicasOf(meant);
  let mark = runningStart(service, release);
  const changed = mark === undefined || service.Spec.Mode.Replicated?.Replicas !== replicas;
  const progressive = await isStable(switching, service.Spec.Name);
  if (changed) {
    mark = markOf(switching);
    await put(service, toStart(meant, { release: release.id, start: mark, monitorMs: switching.monitorMs, progressive }));
  }
  // One that runs already may have lost a task to a node long ago.
  const past = changed ? [] : (await tasksOf(service.Spec.Name)).filter(hasFailed);
  const tasks = await converge(switching, release, service.Spec.Name, String(mark), replicas, past);
  return { service: service.Spec.Name, updated: changed, ...(changed ? { progressive } : {}), tasks: tasks.map(({ ID }) => ID) };
}

/** Never an earlier mark again: tasks of that start would count for this one. */
function markOf({ ctx }: Switching): string {
  return String(ctx.now().getTime());
}

/** The mark of the start that is in front already; undefined when another release is, or its update was paused. */
function runningStart({ Spec, UpdateStatus }: Service, release: ReleaseFolder): string | undefined {
  const { Labels = {} } = Spec.TaskTemplate.ContainerSpec;
  const sound = !/^(paused|rollback)/.test(UpdateStatus?.State ?? "");
  return Labels[releaseLabel] === release.id && sound ? Labels[startLabel] : undefined;
}

/** Whether what runs has stayed as it is for as long as `stabilise` asks: until then nothing runs beside it. */
export async function isStable({ ctx, stabilise }: Pick<Switching, "ctx" | "stabilise">, service: string): Promise<boolean> {
  if (!stabilise) return true;
  const since = ctx.now().getTime() - stabilise;
  const running = (await tasksOf(service)).filter((task) => isMeant(task) && task.Status.State === "running");
  return running.length > 0 && running.every(({ Status }) => Date.parse(Status.Timestamp) <= since);
}

async function converge(
  switching: Switching,
  release: ReleaseFolder,
  service: string,
  mark: string,
  replicas: number,
  past: readonly Task[] = [],
): Promise<Task[]> {
  const { limit, ctx } = switching;
  // After Ctrl-C a start is what takes things back.
  const heeded = ctx.signal.aborted ? {} : { signal: ctx.signal };
  let last: Task[] = [];
  const ready = await poll(
    async () => {
      const tasks = await tasksOf(service);
      last = tasks.filter((task) => startOf(task) === mark);
      const failed = last.find((task) => hasFailed(task) && !past.some(({ ID }) => ID === task.ID));
      if (failed) throw endedTask(release, service, failed);
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
    cause: `not ${replicas} of ${counted(replicas, "task")} run after ${Math.round(limit / 1_000)} s: ${where}`,
    hint: `See \`docker service ps --no-trunc ${service}\`: a node may lack the image, the memory, or a place that fits.`,
  });
}

function endedTask(release: ReleaseFolder, service: string, task: Task): AplomoError {
  const code = task.Status.ContainerStatus?.ExitCode ?? (task.Status.State === "complete" ? 0 : null);
  return new AplomoError({
    operation: "start",
    subject: release.id,
    cause: `its task ${task.ID.slice(0, 12)} ended (${task.Status.Err ?? task.Status.State})${code === null ? "" : ` with exit code ${code}`}`,
    evidence: { task: task.ID, exitCode: code, state: task.Status.State },
    hint: `A server must not end by itself, with whatever exit code: see \`docker service logs ${service}\`.`,
  });
}

/** No task of the release is left; its service stays, with everything else as it is. */
export async function stop(switching: Switching, release: ReleaseFolder, adopted: string | null): Promise<Evidence> {
  const { own, beside } = await servicesOf(switching.service);
  const stopped = (releaseOf(own) ?? adopted) === release.id ? await rest(switching, own) : [];
  const other = beside.get(release.id);
  if (other) stopped.push(...(await rest(switching, other)));
  return { stopped };
}

async function rest(switching: Switching, service: Service): Promise<string[]> {
  const name = service.Spec.Name;
  const before = (await tasksOf(name)).filter(isMeant);
  if (service.Spec.Mode.Replicated?.Replicas !== 0) await put(service, toRest(service.Spec));
  const gone = await poll(
    async () => {
      const tasks = await tasksOf(name);
      return tasks.every((task) => !isMeant(task) && !["running", "starting", "preparing"].includes(task.Status.State)) || undefined;
    },
    { limit: switching.limit, every: 250 },
  );
  if (gone) return before.map(({ ID }) => ID);
  const cause = `tasks still run after ${Math.round(switching.limit / 1_000)} s`;
  throw new AplomoError({ operation: "stop", subject: name, cause, hint: "A node may be lost: see `docker node ls`." });
}
