import type { Unit } from "../contract.ts";
import { readContainer, readUsage } from "../../host/engine.ts";
import { compareVariables, type Examined, type Memory } from "../examined.ts";
import { usedMemory } from "../used-memory.ts";
import { ask, type Task } from "./api.ts";
import { digestOf, environmentOf, nameOf } from "./spec.ts";

/** What this engine says of a container, as far as it is used. */
interface Container {
  State: { OOMKilled: boolean; Status: string; Health?: { Status: string; Log?: { Output: string }[] } };
  Path?: string;
  Args?: string[];
  HostConfig: { Memory: number };
}

export interface About {
  port: number | undefined;
  /** What the present files would give it. */
  meant: Record<string, string>;
}

/** `runs`: the tasks of the unit's start in its place, oldest first. A container is looked at where it is on this manager's own node. */
export async function examine(unit: Unit, runs: readonly Task[], { port, meant }: About): Promise<Examined> {
  const task = runs.at(-1);
  const spec = task?.Spec.ContainerSpec;
  const containers = (await Promise.all(runs.slice(-2).map(containerOf))).filter((one) => one !== undefined);
  const last = containers.at(-1);
  const digest = spec && digestOf(spec.Image);
  return {
    unit,
    data: false,
    command: last ? [...(last.Path ? [last.Path] : []), ...(last.Args ?? [])] : [...(spec?.Command ?? []), ...(spec?.Args ?? [])],
    error: runs.map(refusalOf).findLast((said) => said !== null) ?? endedAsIll(containers),
    outOfMemory: containers.some(({ State }) => State.OOMKilled),
    memory: task && last?.State.Status === "running" ? await memoryOf(task, last) : null,
    listening: null,
    port: port ?? null,
    networks: (task?.NetworksAttachments ?? []).map(({ Network }) => Network.Spec.Name),
    mounts: (spec?.Mounts ?? []).map(({ Type, Source, Target }) => ({
      kind: Type,
      name: Source ?? null,
      target: Target,
      anonymous: Type === "volume" && Source === undefined,
    })),
    user: typeof spec?.["User"] === "string" ? spec["User"] : null,
    healthOutput:
      containers
        .flatMap(({ State }) => State.Health?.Log ?? [])
        .at(-1)
        ?.Output.trim() ?? null,
    image: spec && digest !== undefined ? { reference: nameOf(spec.Image), running: digest, named: null } : null,
    variables: compareVariables(meant, environmentOf(spec?.Env)),
    program: null,
  };
}

/** What the swarm or an engine says of it besides how it ended. */
function refusalOf({ Status }: Task): string | null {
  const said = Status.Err ?? "";
  return said === "" || /^task: non-zero exit \(\d+\)$/.test(said) ? null : said;
}

/** In the swarm's own words, which it leaves out when the container ends with exit code 0. */
function endedAsIll(containers: readonly Container[]): string | null {
  return containers.some(({ State }) => State.Health?.Status === "unhealthy") ? "unhealthy container" : null;
}

async function containerOf({ Status }: Task): Promise<Container | undefined> {
  const id = Status.ContainerStatus?.ContainerID;
  return id === undefined || id === "" ? undefined : ask<Container>(readContainer(id), { operation: "look at", subject: id });
}

async function memoryOf({ Status }: Task, { HostConfig }: Container): Promise<Memory | null> {
  const id = Status.ContainerStatus?.ContainerID;
  if (id === undefined || !HostConfig.Memory) return null;
  const used = usedMemory(await ask(readUsage(id), { operation: "measure", subject: id }));
  return used === null ? null : { used, limit: HostConfig.Memory };
}
