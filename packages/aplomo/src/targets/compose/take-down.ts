import { isDeepStrictEqual } from "node:util";
import type { Container, Healthcheck, PortBinding } from "./containers.ts";
import type { Image } from "./images.ts";
import { mountsOf, nameOnEngine, type Mount, type Project, type Resource, type Service } from "./model.ts";

export interface Taken {
  service: Service;
  /** Volumes and networks the container has that the files do not name. */
  volumes: Record<string, Resource>;
  networks: Record<string, Resource>;
}

/** Pure: a service that gives this very container again, as far as the engine tells; the rest is as the files have it. */
export function takeDown(from: {
  project: string;
  rendered: Project;
  name: string;
  container: Container;
  image: Image;
  scale: number;
}): Taken {
  const { container, image, scale } = from;
  const base = from.rendered.services[from.name];
  const { Config, HostConfig } = container;
  const mounts = mountsFrom(from.project, from.rendered, container, base);
  const networks = networksFrom(from.project, from.rendered, container, base);
  const plain = /^\/?.+[-_]\d+$/.test(container.Name);
  const restart = HostConfig.RestartPolicy.Name || "no";
  const taken: Record<string, unknown> = {
    image: image.Id,
    environment: environmentFrom(Config.Env, image.Config?.Env),
    labels: labelsFrom(Config.Labels, image.Config?.Labels),
    entrypoint: unlessSame(Config.Entrypoint, image.Config?.Entrypoint),
    command: unlessSame(Config.Cmd, isDeepStrictEqual(Config.Entrypoint, image.Config?.Entrypoint ?? null) ? image.Config?.Cmd : null),
    user: unlessSame(Config.User || null, image.Config?.User || null),
    working_dir: unlessSame(Config.WorkingDir || null, image.Config?.WorkingDir || null),
    stop_signal: unlessSame(Config.StopSignal, image.Config?.StopSignal),
    stop_grace_period: typeof Config.StopTimeout === "number" ? `${Config.StopTimeout}s` : undefined,
    healthcheck: healthcheckFrom(unlessSame(Config.Healthcheck, image.Config?.Healthcheck)),
    restart:
      restart === "on-failure" && HostConfig.RestartPolicy.MaximumRetryCount > 0
        ? `${restart}:${HostConfig.RestartPolicy.MaximumRetryCount}`
        : restart,
    ports: portsFrom(HostConfig.PortBindings),
    volumes: mounts.volumes,
    networks: networks.networks,
    scale: scale > 1 ? scale : undefined,
    container_name: base?.container_name ?? (plain ? undefined : container.Name.replace(/^\//, "")),
  };
  const kept = Object.fromEntries(Object.entries(base ?? {}).filter(([key]) => !(key in taken) && key !== "deploy" && key !== "env_file"));
  const set = Object.fromEntries(Object.entries(taken).filter(([, value]) => value !== undefined));
  const deploy = withoutReplicas(base?.deploy);
  return {
    service: { depends_on: {}, ...kept, ...(deploy ? { deploy } : {}), ...set } as Service,
    volumes: mounts.added,
    networks: networks.added,
  };
}

/** What the image gives by itself need not be said, and said as null would be wrong. */
function unlessSame<T>(value: T | null | undefined, image: T | null | undefined): T | undefined {
  return value === null || value === undefined || isDeepStrictEqual(value, image) ? undefined : value;
}

export function environmentOf(lines: readonly string[] | null | undefined): Record<string, string> {
  const pairs = (lines ?? []).map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
  // The old compose tells the old Swarm, by a variable, where to put a container that it makes anew.
  return Object.fromEntries(pairs.filter(([name]) => name && name !== "affinity:container")) as Record<string, string>;
}

function environmentFrom(lines: readonly string[] | null, ofImage: readonly string[] | null | undefined): Record<string, string> {
  const given = environmentOf(ofImage);
  return Object.fromEntries(Object.entries(environmentOf(lines)).filter(([name, value]) => given[name] !== value));
}

function labelsFrom(labels: Record<string, string> | null, ofImage: Record<string, string> | null | undefined): Record<string, string> {
  const own = Object.entries(labels ?? {}).filter(([name, value]) => !name.startsWith("com.docker.compose.") && ofImage?.[name] !== value);
  return Object.fromEntries(own);
}

function healthcheckFrom(check: Healthcheck | undefined): Record<string, unknown> | undefined {
  if (!check) return undefined;
  if (check.Test?.[0] === "NONE") return { disable: true };
  const duration = (nanoseconds: number | undefined): string | undefined => (nanoseconds ? `${nanoseconds / 1_000_000}ms` : undefined);
  const all = {
    test: check.Test ?? undefined,
    interval: duration(check.Interval),
    timeout: duration(check.Timeout),
    start_period: duration(check.StartPeriod),
    retries: check.Retries || undefined,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function portsFrom(bindings: Record<string, PortBinding[] | null> | null): string[] | undefined {
  const ports = Object.entries(bindings ?? {}).flatMap(([inside, hosts]) =>
    (hosts ?? []).map(({ HostIp, HostPort }) => {
      const ip = HostIp && HostIp !== "0.0.0.0" ? `${HostIp.includes(":") ? `[${HostIp}]` : HostIp}:` : "";
      return HostPort ? `${ip}${HostPort}:${inside}` : inside;
    }),
  );
  return ports.length > 0 ? ports : undefined;
}

function mountsFrom(project: string, rendered: Project, container: Container, base: Service | undefined) {
  const added: Record<string, Resource> = {};
  const known = new Map(Object.entries(rendered.volumes ?? {}).map(([key, volume]) => [nameOnEngine(project, key, volume), key]));
  const written = base ? mountsOf(base) : [];
  // A secret, a configuration and a tmpfs are the files' own affair: the engine shows them as mounts of their own kind or not at all.
  const fromFiles = new Set([...Object.values(rendered.secrets ?? {}), ...Object.values(rendered.configs ?? {})].map(({ file }) => file));
  const volumes = container.Mounts.flatMap((mount): (string | Mount)[] => {
    if (fromFiles.has(mount.Source) || !["bind", "volume"].includes(mount.Type)) return [];
    let source = mount.Source;
    if (mount.Type === "volume") {
      const name = mount.Name ?? "";
      source = known.get(name) ?? name;
      // An anonymous volume becomes a named one of that name: the same data.
      if (!known.has(name)) added[name] = { name, external: true };
    }
    const same = written.findIndex((one) => one.type === mount.Type && one.source === source && one.target === mount.Destination);
    const asWritten = base?.volumes?.[same];
    return [asWritten ?? { type: mount.Type, source, target: mount.Destination, ...(mount.RW ? {} : { read_only: true }) }];
  });
  const others = (base?.volumes ?? []).filter((volume) => typeof volume !== "string" && !["bind", "volume"].includes(volume.type));
  const all = [...volumes, ...others];
  return { volumes: all.length > 0 ? all : undefined, added };
}

function networksFrom(project: string, rendered: Project, container: Container, base: Service | undefined) {
  const actual = Object.keys(container.NetworkSettings.Networks ?? {});
  const added: Record<string, Resource> = {};
  if (["host", "none"].includes(container.HostConfig.NetworkMode) || container.HostConfig.NetworkMode.startsWith("container:")) {
    return { networks: undefined, added };
  }
  const known = new Map(
    Object.entries({ default: null, ...rendered.networks }).map(([key, net]) => [nameOnEngine(project, key, net), key]),
  );
  const keys = actual.map((name) => known.get(name) ?? name);
  const written = Array.isArray(base?.networks) ? base.networks : Object.keys(base?.networks ?? { default: null });
  if (base && isDeepStrictEqual(written.toSorted(), keys.toSorted())) return { networks: base.networks, added };
  for (const name of actual) if (!known.has(name)) added[name] = { name, external: true };
  return { networks: Object.fromEntries(keys.map((key) => [key, null])), added };
}

function withoutReplicas(deploy: Service["deploy"]): Record<string, unknown> | undefined {
  if (!deploy) return undefined;
  const { replicas: _replicas, ...rest } = deploy;
  return rest;
}
