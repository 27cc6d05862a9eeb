import { createHash } from "node:crypto";
import { join } from "node:path";
import { AplomoError } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import { createHolder, engineInfo, holderOf, readContainer, readHolders, readHolderTasks, removeHolder } from "../../host/engine.ts";
import { withLogin } from "../../host/login.ts";
import type { Mount } from "../compose/model.ts";
import { ask, dissolve, type Service, type Spec, type Task } from "./api.ts";
import { filesOf } from "./project.ts";

/** Milliseconds for a task whose image is here. */
const limit = 60_000;

/** The next act, where a service cannot be rehearsed for what the swarm gives to its tasks alone. */
export const unrehearsed = "Deploy with --no-rehearsal, or say `rehearsal: { when: never }`.";

/**
 * The secrets and configs of a service, for containers of this node. The swarm gives them to tasks alone, and lets nobody read a secret back: a
 * task that only waits has them for the length of a rehearsal, in this node's memory, where the engine keeps them, and containers mount them from
 * there, to be read. No value passes through Aplomo or comes to lie on a disk.
 */
export async function hold(project: string, spec: Spec, signal: AbortSignal): Promise<Mount[]> {
  const files = filesOf(spec);
  if (files.length === 0) return [];
  const about = { operation: "hold the secrets and configs of", subject: spec.Name };
  const engine = await ask<{ DockerRootDir: string; Swarm: { NodeID: string } }>(engineInfo(), about);
  if (!engine) throw new AplomoError({ ...about, cause: "the engine says nothing of itself" });
  const { Image, Secrets, Configs } = spec.TaskTemplate.ContainerSpec;
  const name = createHash("sha256")
    .update(JSON.stringify([project, Image, Secrets, Configs]))
    .digest("hex")
    .slice(0, 12);
  const isThere = (await holders(project)).includes(name);
  if (!isThere) await ask(await withLogin(createHolder(project, name, waiting(spec, engine.Swarm.NodeID)), Image), about);
  const task = await poll(async () => running(await ask<Task[]>(readHolderTasks(name), about), about), { limit, every: 200, signal });
  const container = task?.Status.ContainerStatus?.ContainerID;
  if (container === undefined) throw new AplomoError({ ...about, cause: `no task had them within ${limit / 1_000} s`, hint: unrehearsed });
  const folder = join(engine.DockerRootDir, "containers", container, "mounts/secrets");
  return files.map(({ id, target }) => ({ type: "bind", source: join(folder, id), target, read_only: true }));
}

/** On this node, without network, environment and volumes of the service: nothing of the application runs. */
function waiting(spec: Spec, node: string): object {
  const { Image, Secrets, Configs } = spec.TaskTemplate.ContainerSpec;
  const Healthcheck = { Test: ["NONE"] };
  return {
    TaskTemplate: {
      ContainerSpec: { Image, Secrets, Configs, Command: ["sleep", "86400"], StopSignal: "SIGKILL", Healthcheck },
      RestartPolicy: { Condition: "none" },
      Placement: { Constraints: [`node.id==${node}`] },
    },
    Mode: { Replicated: { Replicas: 1 } },
  };
}

function running(tasks: readonly Task[] | undefined, about: { operation: string; subject: string }): Task | undefined {
  const task = tasks?.[0];
  const state = task?.Status.State ?? "";
  if (["complete", "failed", "rejected", "shutdown", "orphaned"].includes(state)) {
    throw new AplomoError({ ...about, cause: task?.Status.Err ?? `its task is ${state}`, hint: unrehearsed });
  }
  return state === "running" ? task : undefined;
}

async function holders(project: string): Promise<string[]> {
  const found = await ask<Service[]>(readHolders(project), { operation: "look for", subject: "what a rehearsal left" });
  return (found ?? []).map(({ Spec }) => holderOf(Spec.Name));
}

/** Those of whatever rehearsal of this application. The engine removes a container some moments after the swarm has forgotten its task. */
export async function letGo(project: string): Promise<void> {
  const about = { operation: "remove", subject: "what holds secrets and configs" };
  for (const name of await holders(project)) {
    const tasks = (await ask<Task[]>(readHolderTasks(name), about)) ?? [];
    await dissolve(removeHolder(name), readHolderTasks(name), about);
    for (const { Status } of tasks) {
      const id = Status.ContainerStatus?.ContainerID;
      if (id) await poll(async () => (await ask(readContainer(id), about)) === undefined || undefined, { limit: 30_000, every: 200 });
    }
  }
}
