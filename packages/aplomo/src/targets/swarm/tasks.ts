import type { Unit } from "../contract.ts";
import { isMeant, type PortSpec, type Task } from "./api.ts";
import { releaseLabel, startLabel } from "./spec.ts";

const ended = new Set(["complete", "failed", "rejected", "shutdown", "orphaned", "remove"]);

export interface About {
  service: string;
  /** The service that the tasks are of, when it is another: one beside it. */
  home?: string;
  /** The network in which an edge reaches them. */
  network?: string;
  /** The release of tasks that carry none. */
  adopted: string | null;
  /** Inside the container. */
  port: number | undefined;
  nodes: ReadonlyMap<string, string>;
}

/**
 * Pure: every task that runs or is meant to; of a slot's newest start also one that the swarm has given up. What it was asked to stop is nobody's
 * unit. A slot may hold two: while an update goes on, and when it was paused.
 */
export function unitsOf(tasks: readonly Task[], about: About): Unit[] {
  const slots = new Map<string, Task[]>();
  for (const task of tasks) {
    const slot = placeOf(task);
    slots.set(slot, [...(slots.get(slot) ?? []), task]);
  }
  return [...slots].flatMap(([slot, all]) => {
    const inOrder = all.toSorted((one, other) => (one.CreatedAt < other.CreatedAt ? -1 : 1));
    const newest = inOrder.at(-1);
    return [...new Set(inOrder.map(startOf))].flatMap((start) => {
      const own = inOrder.filter((task) => startOf(task) === start);
      const live = own.findLast((task) => isMeant(task) || task.Status.State === "running");
      const shown = live ?? (newest && startOf(newest) === start && hasFailed(newest) ? newest : undefined);
      return shown ? [toUnit(shown, own, `${about.home ?? about.service}.${slot}`, about)] : [];
    });
  });
}

/** A task and those that ran in its place before, of the same start; oldest first. */
export function runsOf(tasks: readonly Task[], id: string): Task[] {
  const task = tasks.find(({ ID }) => ID === id);
  if (!task) return [];
  const same = tasks.filter(
    (other) => placeOf(other) === placeOf(task) && startOf(other) === startOf(task) && other.CreatedAt <= task.CreatedAt,
  );
  return same.toSorted((one, other) => (one.CreatedAt < other.CreatedAt ? -1 : 1));
}

function placeOf(task: Task): string {
  return String(task.Slot ?? task.NodeID ?? task.ID);
}

/** `all`: those of the same start in its slot, from which it is known how often it was begun anew. */
function toUnit(task: Task, all: readonly Task[], name: string, about: About): Unit {
  const lost = all.filter((other) => other !== task && hasFailed(other));
  const over = ended.has(task.Status.State);
  const last = over ? task : lost.at(-1);
  return {
    id: task.ID,
    name,
    service: about.service,
    release: task.Spec.ContainerSpec.Labels?.[releaseLabel] ?? about.adopted,
    state: stateOf(task),
    health: null,
    startedAt: task.Status.State === "running" ? task.Status.Timestamp : null,
    restarts: lost.length,
    exitCode: last ? (last.Status.ContainerStatus?.ExitCode ?? 0) : null,
    address: addressOf(task, about),
    ...overlayOf(task, about),
    front: true,
  };
}

/** It ended although nobody asked it to: exit code 0 (`complete`) counts as well. */
export function hasFailed({ Status }: Task): boolean {
  return Status.State === "failed" || Status.State === "complete" || Status.State === "rejected" || Status.State === "orphaned";
}

export function startOf(task: Task): string | undefined {
  return task.Spec.ContainerSpec.Labels?.[startLabel];
}

function stateOf({ Status }: Task): Unit["state"] {
  if (Status.State === "running") return "running";
  if (Status.State === "complete" || Status.State === "shutdown") return "stopped";
  return ended.has(Status.State) ? "failed" : "starting";
}

/** Behind an edge of its network: its own address there, and the name that stands for all tasks of its service wherever they run. */
function overlayOf(task: Task, { home, network, port }: About): Pick<Unit, "overlay"> {
  const attached = task.NetworksAttachments?.find(({ Network }) => Network.Spec.Name === network);
  const ip = attached?.Addresses?.[0]?.split("/")[0];
  if (task.Status.State !== "running" || ip === undefined || home === undefined || port === undefined) return {};
  return { overlay: { own: { host: ip, port }, shared: { host: `tasks.${home}`, port } } };
}

/** A port of its node, when it has one: the swarm's own mesh answers for any task. */
function addressOf(task: Task, about: { port: number | undefined; nodes: ReadonlyMap<string, string> }): Unit["address"] {
  const host = about.nodes.get(task.NodeID ?? "");
  const ports = (task.Status.PortStatus?.Ports ?? []).filter(({ Protocol = "tcp" }: PortSpec) => Protocol === "tcp");
  const port =
    about.port === undefined ? (ports.length === 1 ? ports[0] : undefined) : ports.find(({ TargetPort }) => TargetPort === about.port);
  if (task.Status.State !== "running" || host === undefined || port?.PublishedPort === undefined) return null;
  return { host, port: port.PublishedPort };
}
