import { counted } from "../../base/count.ts";
import { AplomoError } from "../../base/errors.ts";
import type { Settings, SwarmSettings } from "../../config/schema.ts";
import { besideName, engineInfo, readNetwork } from "../../host/engine.ts";
import type { TargetFacts } from "../contract.ts";
import { ask, findService, isMeant, tasksOf, type Spec } from "./api.ts";
import { hasHostPorts } from "./spec.ts";
import { isStable, type Switching } from "./switch.ts";

/** What a deploy would touch, and why it should not. */
export async function inspect(switching: Switching, target: SwarmSettings, { edge, health }: Settings): Promise<TargetFacts> {
  const info = await ask<Info>(engineInfo(), { operation: "reach", subject: "the container engine" }).catch((error: unknown) => {
    if (error instanceof AplomoError) return error;
    throw error;
  });
  const refusals: TargetFacts["refusals"] = [];
  const nothing = { replaces: [target.service], data: [], refusals, interrupts: 0 };
  if (info instanceof AplomoError || !info) {
    refusals.push({ message: info?.message ?? "no engine answers", hint: "Start the engine: systemctl start docker." });
    return { runtime: "no engine", ...nothing };
  }
  const runtime = `swarm of ${counted(info.Swarm.Nodes ?? 0, "node")}, engine ${info.ServerVersion}`;
  if (info.Swarm.ControlAvailable !== true) {
    const hint = "Run Aplomo on a manager (`docker node ls` there shows which), or begin one: docker swarm init.";
    refusals.push({ message: "this machine is not a manager of a swarm", hint });
    return { runtime, ...nothing };
  }
  const service = await findService(target.service);
  if (!service) {
    refusals.push({
      message: `the swarm has no service ${target.service}`,
      hint: "`docker service ls` shows their names; set target.service.",
    });
    return { runtime, ...nothing };
  }
  const { Spec: spec } = service;
  if (!spec.Mode.Replicated)
    refusals.push({ message: `${target.service} is not a replicated service`, hint: "Aplomo replaces replicated services alone." });
  const state = service.UpdateStatus?.State ?? "";
  // Of an update of ours it says so as long as it watches, with all tasks in place.
  const moving = (await tasksOf(target.service)).some((task) => isMeant(task) && task.Status.State !== "running");
  if ((state === "updating" && moving) || state === "rollback_started") {
    refusals.push({ message: `the swarm is just changing ${target.service} (${state})`, hint: "Try again when it has ended." });
  }
  if (edge.kind !== "none") refusals.push(...(await besideRefusals(spec, "network" in edge ? edge.network : undefined, health.port)));
  const progressive = await isStable(switching, target.service);
  const mounts = spec.TaskTemplate.ContainerSpec.Mounts ?? [];
  const grace = Number(spec.TaskTemplate.ContainerSpec["StopGracePeriod"] ?? 10e9) / 1e6;
  return {
    runtime: progressive ? runtime : `${runtime}; progressive replacement is off until what runs has been stable`,
    replaces: [target.service],
    data: mounts.map(({ Type, Source, Target }) => `${Type} ${Source ?? "of its own"} on ${Target}`),
    refusals,
    interrupts: hasHostPorts(spec) || !progressive ? grace + 2_000 : 2_000,
  };
}

/** Why a release cannot have a service of its own that the edge reaches. */
async function besideRefusals(spec: Spec, network: string | undefined, port: number | undefined): Promise<TargetFacts["refusals"]> {
  const found: TargetFacts["refusals"] = [];
  const longest = besideName(spec.Name, "r99999");
  if (longest.length > 63)
    found.push({ message: `${longest} is too long for a service's name`, hint: "Use a shorter service, or `edge: { kind: none }`." });
  if (port === undefined)
    found.push({ message: "nothing says at which port the tasks answer", hint: "Set health.port, the port inside the container." });
  if (network === undefined) return found;
  const known = await ask<{ Id: string; Driver: string; Attachable: boolean }>(readNetwork(network), {
    operation: "read",
    subject: `the network ${network}`,
  });
  const joined = (spec.TaskTemplate.Networks ?? []).some(({ Target }) => Target === known?.Id || Target === network);
  if (!joined) {
    const hint = `Add it: docker service update --network-add ${network} ${spec.Name}; or name one of its own as edge.network.`;
    found.push({ message: `${spec.Name} is not in the network ${network}, in which the edge would reach it`, hint });
  } else if (known?.Driver !== "overlay" || !known.Attachable) {
    const hint = "Make one that is: docker network create --driver overlay --attachable NAME.";
    found.push({ message: `${network} is not an overlay network that a container may join`, hint });
  }
  return found;
}

interface Info {
  ServerVersion: string;
  Swarm: { ControlAvailable?: boolean; Nodes?: number };
}
