import { besideLabel, besideName } from "../../host/engine.ts";
import type { Spec, UpdateConfig } from "./api.ts";

export const releaseLabel = "aplomo.release";
/** Of one start of a release: what a task of an earlier one did says nothing about this one. */
export const startLabel = "aplomo.start";
/** Names of the variables that Aplomo has set, on the service: those that the next release no longer has go. */
export const variablesLabel = "aplomo.variables";
/** How many tasks a service had that rests. */
export const replicasLabel = "aplomo.replicas";
/** How the service is replaced when nobody stabilises it: its own words, which a start that is not progressive writes over. */
export const updateLabel = "aplomo.update";
export const releaseVariable = "APLOMO_RELEASE";

/** Pure: the service as a release means it; what is not Aplomo's (networks, mounts, labels of a panel) stays as it is. */
export function specFor(from: {
  present: Spec;
  release: string;
  image: string;
  variables: Record<string, string>;
  replicas: number;
}): Spec {
  const { present, release, image, variables, replicas } = from;
  const earlier = new Set((present.Labels?.[variablesLabel] ?? "").split(","));
  const { ContainerSpec: container } = present.TaskTemplate;
  const kept = Object.entries(environmentOf(container.Env)).filter(([name]) => !earlier.has(name));
  const env = { ...Object.fromEntries(kept), ...variables, [releaseVariable]: release };
  const { [startLabel]: _start, ...labels } = container.Labels ?? {};
  const { [updateLabel]: update, ...own } = present.Labels ?? {};
  return {
    ...present,
    ...(update === undefined ? {} : { UpdateConfig: JSON.parse(update) as UpdateConfig }),
    Labels: { ...own, [variablesLabel]: [...Object.keys(variables), releaseVariable].sort().join(",") },
    TaskTemplate: {
      ...present.TaskTemplate,
      ContainerSpec: { ...container, Image: image, Env: linesOf(env), Labels: { ...labels, [releaseLabel]: release } },
    },
    Mode: { Replicated: { Replicas: replicas } },
  };
}

/**
 * Pure: what the swarm is given to bring a release in front. Every word that decides what happens to a healthy task is said: a new task that
 * fails pauses the update, and no rollback of the swarm's own ever begins, since that replaces healthy tasks as well.
 */
export function toStart(meant: Spec, options: { release: string; start: string; monitorMs: number; progressive: boolean }): Spec {
  const { release, start, monitorMs, progressive } = options;
  const { ContainerSpec: container, Placement } = meant.TaskTemplate;
  const isExclusive = hasHostPorts(meant) || (Placement?.MaxReplicas ?? 0) > 0;
  const update: UpdateConfig = {
    // Not progressive: all at once.
    Parallelism: progressive ? meant.UpdateConfig?.Parallelism || 1 : 0,
    Monitor: monitorMs * 1_000_000,
    FailureAction: "pause",
    MaxFailureRatio: 0,
    // Two tasks on one node cannot have the same port of it, nor a place that is meant for one.
    Order: isExclusive || !progressive ? "stop-first" : (meant.UpdateConfig?.Order ?? "start-first"),
  };
  const labels = { ...container.Labels, [releaseLabel]: release, [startLabel]: start };
  return {
    ...meant,
    ...(progressive ? {} : { Labels: { ...meant.Labels, [updateLabel]: JSON.stringify(meant.UpdateConfig ?? {}) } }),
    TaskTemplate: { ...meant.TaskTemplate, ContainerSpec: { ...container, Labels: labels } },
    UpdateConfig: update,
    RollbackConfig: { ...update },
  };
}

/**
 * Pure: the release as a service of its own, beside the one it is a release of. It has no port of a node or of the mesh, which are the other's:
 * requests come through an edge in the same network. Who asks for the service by its name finds this one too. It is no part of a stack, which
 * would be pruned.
 */
export function toBeside(meant: Spec, release: string): Spec {
  const { Name, Labels = {}, TaskTemplate, EndpointSpec } = meant;
  const { [replicasLabel]: _replicas, [variablesLabel]: _variables, ...labels } = Labels;
  const { Ports: _ports, ...endpoint } = EndpointSpec ?? {};
  return {
    ...meant,
    Name: besideName(Name, release),
    Labels: {
      ...Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith("com.docker.stack."))),
      [besideLabel]: Name,
    },
    TaskTemplate: {
      ...TaskTemplate,
      Networks: (TaskTemplate.Networks ?? []).map((network) => ({ ...network, Aliases: [...(network.Aliases ?? []), Name] })),
    },
    EndpointSpec: endpoint,
  };
}

/** Pure: the service without tasks. How many it had is noted on it, for a release made meanwhile. */
export function toRest(present: Spec): Spec {
  const had = present.Mode.Replicated?.Replicas ?? 1;
  return { ...present, Labels: { ...present.Labels, [replicasLabel]: String(had) }, Mode: { Replicated: { Replicas: 0 } } };
}

export function replicasOf({ Mode }: Spec): number {
  return Mode.Replicated?.Replicas ?? 1;
}

/** Pure: a one-shot command with the release's image, environment, mounts and networks, and nothing by which requests would reach it. */
export function toJob(meant: Spec, run: readonly string[], env: Record<string, string>): object {
  const {
    ContainerSpec: container,
    Networks,
    Placement,
  } = meant.TaskTemplate as Spec["TaskTemplate"] & { Networks?: object; Placement?: object };
  const { Healthcheck: _check, Labels: _labels, ...rest } = container;
  const all = linesOf({ ...environmentOf(container.Env), ...env });
  return {
    TaskTemplate: {
      ContainerSpec: { ...rest, Args: [...run], Env: all },
      RestartPolicy: { Condition: "none" },
      ...(Networks === undefined ? {} : { Networks }),
      ...(Placement === undefined ? {} : { Placement }),
    },
    Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
  };
}

export function hasHostPorts(spec: Spec): boolean {
  return (spec.EndpointSpec?.Ports ?? []).some(({ PublishMode }) => PublishMode === "host");
}

export function environmentOf(lines: readonly string[] | undefined): Record<string, string> {
  return Object.fromEntries(
    (lines ?? []).map((line) => {
      const equals = line.indexOf("=");
      return equals < 0 ? [line, ""] : [line.slice(0, equals), line.slice(equals + 1)];
    }),
  );
}

export function linesOf(env: Record<string, string>): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

/** `registry/name@sha256:...` of `registry/name:tag`. */
export function pinned(reference: string, digest: string): string {
  return `${nameOf(reference)}@${digest}`;
}

/** An image's name without tag and digest; a colon before a slash is a port. */
export function nameOf(reference: string): string {
  const [plain = ""] = reference.split("@");
  const colon = plain.lastIndexOf(":");
  return colon > plain.lastIndexOf("/") ? plain.slice(0, colon) : plain;
}

export function digestOf(reference: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(reference)?.[1];
}
