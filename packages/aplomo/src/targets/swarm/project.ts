import { posix } from "node:path";
import type { Mount, Service } from "../compose/model.ts";
import type { Spec } from "./api.ts";
import { environmentOf } from "./spec.ts";

/** What of a task's container is called otherwise in a compose file. */
interface Container {
  Command?: string[];
  Args?: string[];
  User?: string;
  Dir?: string;
  Init?: boolean;
  ReadOnly?: boolean;
  StopSignal?: string;
  Groups?: string[];
  CapabilityAdd?: string[];
  CapabilityDrop?: string[];
  Healthcheck?: { Test?: string[]; Interval?: number; Timeout?: number; StartPeriod?: number; Retries?: number };
  Mounts?: { Type: string; Source?: string; Target: string; ReadOnly?: boolean }[];
  Secrets?: { SecretID: string; File?: { Name: string } }[];
  Configs?: { ConfigID: string; File?: { Name: string } }[];
}

/** Pure: a task of the service as a container of this machine alone, of an image that is here. Places, ports and networks are the swarm's. `held`: its secrets and configs. */
export function asContainer(meant: Spec, image: string, held: readonly Mount[] = []): Service {
  const { TaskTemplate } = meant;
  const spec = TaskTemplate.ContainerSpec;
  const container = spec as Container;
  const { MemoryBytes } = (TaskTemplate["Resources"] as { Limits?: { MemoryBytes?: number } } | undefined)?.Limits ?? {};
  return {
    image,
    environment: environmentOf(spec.Env),
    labels: {},
    depends_on: {},
    volumes: [...(container.Mounts ?? []).map(mountOf), ...held],
    networks: { default: { aliases: namesOf(meant) } },
    ...defined({
      entrypoint: container.Command,
      command: container.Args,
      user: container.User,
      working_dir: container.Dir,
      init: container.Init,
      read_only: container.ReadOnly,
      stop_signal: container.StopSignal,
      group_add: container.Groups,
      cap_add: container.CapabilityAdd,
      cap_drop: container.CapabilityDrop,
      healthcheck: container.Healthcheck && checkOf(container.Healthcheck),
      mem_limit: MemoryBytes,
    }),
  };
}

function mountOf({ Type, Source, Target, ReadOnly }: NonNullable<Container["Mounts"]>[number]): Mount {
  return { type: Type, ...(Source ? { source: Source } : {}), target: Target, ...(ReadOnly ? { read_only: true } : {}) };
}

function checkOf({
  Test,
  Interval,
  Timeout,
  StartPeriod,
  Retries,
}: NonNullable<Container["Healthcheck"]>): NonNullable<Service["healthcheck"]> {
  const ns = (time: number | undefined): string | undefined => (time ? `${time}ns` : undefined);
  // Without a test of its own it is the image's.
  const test = Test?.length ? { test: Test } : {};
  return {
    ...test,
    ...defined({ interval: ns(Interval), timeout: ns(Timeout), start_period: ns(StartPeriod), retries: Retries || undefined }),
  };
}

/** Without what is not said, or is empty. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const said = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(said) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** Pure: secrets and configs that the swarm gives to its tasks alone, and where in them; a config without a file is none of the container's. */
export function filesOf({ TaskTemplate }: Spec): { id: string; target: string }[] {
  const { Secrets, Configs } = TaskTemplate.ContainerSpec as Container;
  const at = (folder: string, id: string, name: string | undefined): { id: string; target: string }[] =>
    name === undefined ? [] : [{ id, target: posix.resolve(folder, name) }];
  return [
    ...(Secrets ?? []).flatMap(({ SecretID, File }) => at("/run/secrets", SecretID, File?.Name)),
    ...(Configs ?? []).flatMap(({ ConfigID, File }) => at("/", ConfigID, File?.Name)),
  ];
}

/** Pure: every name under which tasks of other services find it. */
export function namesOf({ Name, TaskTemplate }: Spec): string[] {
  return [...new Set([Name, ...(TaskTemplate.Networks ?? []).flatMap(({ Aliases = [] }) => Aliases)])];
}

/**
 * Pure: which of these services a release needs besides: its databases, and those of its own project that a value of its environment names as
 * a host. Another project's is the outside world.
 */
export function neededBy(spec: Spec, databases: readonly string[], others: readonly Spec[]): Spec[] {
  const values = Object.values(environmentOf(spec.TaskTemplate.ContainerSpec.Env));
  return others.filter((other) => {
    if (databases.includes(other.Name)) return true;
    return projectOf(other) === projectOf(spec) && namesOf(other).some((name) => values.some((value) => namesHost(value, name)));
  });
}

/** Its stack; else what panels put before the name: `crm` of `crm_redis`. */
function projectOf({ Name, Labels }: Spec): string {
  return Labels?.["com.docker.stack.namespace"] ?? Name.split("_")[0] ?? Name;
}

/** `redis`, `redis:6379`, `redis://user:password@redis:6379/0`, `one:9092,redis:9092`. */
function namesHost(value: string, name: string): boolean {
  const host = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(^|://|@|,)${host}(:\d+)?($|[/?,#])`, "i").test(value);
}
