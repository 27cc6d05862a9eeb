import type { Command } from "./run.ts";

/**
 * Commands for the docker client, as data: nothing here runs. Whatever Aplomo asks of an engine is built here or in `compose.ts`,
 * and a test over both files proves that none of it can destroy data: no volume is ever removed, nothing is ever pruned.
 */
type Docker = Command & { argv: readonly ["docker", ...string[]] };

/** Client and server versions as JSON; fails when the engine cannot be reached. */
export function engineVersion(): Docker {
  return { argv: ["docker", "version", "--format", "{{json .Server}}"], timeout: 20_000 };
}

export function engineSecurity(): Docker {
  return { argv: ["docker", "info", "--format", "{{json .SecurityOptions}}"], timeout: 20_000 };
}

/** Ids of the containers that carry every one of the labels, in whatever state. */
export function listContainers(labels: readonly string[]): Docker {
  return { argv: ["docker", "container", "ls", "--all", "--no-trunc", "--quiet", ...filters(labels.map((label) => `label=${label}`))] };
}

/** Running containers that publish a port of this machine, one JSON line each. */
export function listPublishing(port: number): Docker {
  return { argv: ["docker", "container", "ls", ...filters([`publish=${port}`]), "--format", "{{json .}}"], timeout: 20_000 };
}

/** Where the engine keeps images and volumes. */
export function engineFolder(): Docker {
  return { argv: ["docker", "info", "--format", "{{json .DockerRootDir}}"], timeout: 20_000 };
}

export function inspectContainers(ids: readonly string[]): Docker {
  return { argv: ["docker", "container", "inspect", ...ids] };
}

export function startContainers(ids: readonly string[]): Docker {
  return { argv: ["docker", "container", "start", ...ids] };
}

/** Sends the stop signal and kills after the grace period; default: the container's own. */
export function stopContainers(ids: readonly string[], graceSeconds?: number): Docker {
  const grace = graceSeconds === undefined ? [] : ["-t", String(graceSeconds)];
  return { argv: ["docker", "container", "stop", ...grace, ...ids] };
}

export function killContainer(name: string): Docker {
  return { argv: ["docker", "container", "kill", name] };
}

/** Removes containers that do not run. Their volumes stay, anonymous ones included. */
export function removeContainers(ids: readonly string[]): Docker {
  return { argv: ["docker", "container", "rm", ...ids] };
}

/**
 * A program of Aplomo's own, in the host's network or, with its ports published, in another, started again by the engine when it ends or the machine boots. As root inside, since
 * its folder is; its image's entry point is replaced, so that official and home-made images behave alike. `env`: nothing secret.
 */
export function runContainer(what: {
  name: string;
  /** Absolute; it is at the same place inside. */
  folder: string;
  image: string;
  program: string;
  args: readonly string[];
  env: Record<string, string>;
  network?: string;
  ports?: readonly number[];
}): Docker {
  const { name, folder, image, program, args, env, network, ports = [] } = what;
  const kept = ["--restart", "unless-stopped", "--label", `aplomo.edge=${name}`, "--log-opt", "max-size=10m", "--log-opt", "max-file=3"];
  const mount = ["--mount", `type=bind,source=${folder},target=${folder}`];
  const published = ports.flatMap((port) => ["--publish", `${port}:${port}`]);
  const reached = network === undefined ? ["--network", "host"] : ["--network", network, ...published];
  const inside = [...reached, "--user", "0:0", ...mount, ...variables(env)];
  return {
    argv: ["docker", "container", "run", "--detach", "--name", name, ...kept, ...inside, "--entrypoint", program, image, ...args],
    timeout: 300_000,
  };
}

/** Makes an image that holds nothing: for a program of this machine that the engine is to keep running. */
export function importNothing(tag: string): Docker {
  // What tar writes for no file at all.
  return { argv: ["docker", "image", "import", "-", tag], input: "\0".repeat(1_024), timeout: 60_000 };
}

/**
 * A program of this machine, as its own user, with the machine's folders, network and processes: in nothing but the engine's keeping.
 * The processes count, for by their numbers it is known whether who holds a lock is alive.
 */
export function runFromMachine(what: {
  name: string;
  image: string;
  user: number;
  groups: readonly number[];
  /** Absolute; each at the same place inside. */
  folders: readonly string[];
  env: Record<string, string>;
  labels: Record<string, string>;
  argv: readonly string[];
}): Docker {
  const { name, image, user, groups, folders, env, labels, argv } = what;
  const [first = user, ...others] = groups;
  const kept = ["--restart", "always", "--log-opt", "max-size=10m", "--log-opt", "max-file=3", "--stop-timeout", "30"];
  const named = Object.entries(labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
  const inside = ["--network", "host", "--pid", "host", "--security-opt", "label=disable"];
  const as = ["--user", `${user}:${first}`, ...others.flatMap((group) => ["--group-add", String(group)])];
  const mounts = folders.flatMap((folder) => ["--mount", `type=bind,source=${folder},target=${folder}`]);
  return {
    argv: [
      "docker",
      "container",
      "run",
      "--detach",
      "--name",
      name,
      ...kept,
      ...named,
      ...inside,
      ...as,
      ...mounts,
      ...variables(env),
      image,
      ...argv,
    ],
    timeout: 60_000,
  };
}

export function execInContainer(name: string, env: Record<string, string>, argv: readonly string[]): Docker {
  return { argv: ["docker", "container", "exec", ...variables(env), name, ...argv] };
}

function variables(env: Record<string, string>): string[] {
  return Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
}

/** A container that never starts: its image's files can be copied from it. */
export function createContainer(name: string, image: string, labels: readonly string[]): Docker {
  const told = labels.flatMap((label) => ["--label", label]);
  // The command is never run; an image without one could not be created from otherwise.
  return { argv: ["docker", "container", "create", "--name", name, ...told, "--network", "none", image, "none"] };
}

export function copyFromContainer(name: string, path: string, destination: string): Docker {
  return { argv: ["docker", "container", "cp", `${name}:${path}`, destination] };
}

export function containerLogs(id: string, options: { tail: number; since?: string | undefined }): Docker {
  const since = options.since === undefined ? [] : ["--since", options.since];
  return { argv: ["docker", "container", "logs", "--timestamps", "--tail", String(options.tail), ...since, id] };
}

/** Ends of a container's main process, one JSON line each, oldest first. Ends itself at `until`. */
export function containerDeaths(id: string, since: string, until: string): Docker {
  return {
    argv: ["docker", "events", ...filters([`container=${id}`, "event=die"]), "--since", since, "--until", until, "--format", "{{json .}}"],
    timeout: 20_000,
  };
}

export function inspectImages(references: readonly string[]): Docker {
  return { argv: ["docker", "image", "inspect", ...references] };
}

export function pullImage(reference: string): Docker {
  return { argv: ["docker", "image", "pull", "--quiet", reference] };
}

/** Whether the client has the plug-in that the engine's newer builder is asked by. */
export function buildxVersion(): Docker {
  return { argv: ["docker", "buildx", "version"], timeout: 20_000 };
}

/** `args` are names: their values are in the command's environment. */
export function buildImage(what: {
  context: string;
  /** Absolute. */
  dockerfile: string;
  tag: string;
  labels: Record<string, string>;
  args: readonly string[];
  target?: string | undefined;
  platform?: string | undefined;
}): Docker {
  const { context, dockerfile, tag, labels, args, target, platform } = what;
  const chosen = [...(target === undefined ? [] : ["--target", target]), ...(platform === undefined ? [] : ["--platform", platform])];
  const told = [
    ...Object.entries(labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]),
    ...args.flatMap((name) => ["--build-arg", name]),
  ];
  return { argv: ["docker", "build", "--file", dockerfile, "--tag", tag, ...chosen, ...told, context] };
}

/** As a bake file says; `args` are names here, too: where one has no value bake takes it from its environment. Its paths are relative to `context`. */
export function bakeImage(what: {
  context: string;
  /** Absolute. */
  file: string;
  target: string;
  tag: string;
  labels: Record<string, string>;
  args: readonly string[];
  platform?: string | undefined;
}): Docker {
  const { context, file, target, tag, labels, args, platform } = what;
  const told = [
    `tags=${tag}`,
    ...Object.entries(labels).map(([name, value]) => `labels.${name}=${value}`),
    ...args.map((name) => `args.${name}`),
    ...(platform === undefined ? [] : [`platform=${platform}`]),
  ];
  const set = told.flatMap((one) => ["--set", `${target}.${one}`]);
  return { argv: ["docker", "buildx", "bake", "--file", file, "--load", "--progress", "plain", ...set, target], cwd: context };
}

export function pushImage(reference: string): Docker {
  return { argv: ["docker", "image", "push", reference] };
}

/** To a file, in the form that `loadImage` reads. */
export function saveImage(reference: string, file: string): Docker {
  return { argv: ["docker", "image", "save", "--output", file, reference] };
}

export function tagImage(id: string, tag: string): Docker {
  return { argv: ["docker", "image", "tag", id, tag] };
}

/** Tags that match a pattern such as `aplomo.local/agenda/*:r12`, one a line. */
export function listImageTags(pattern: string): Docker {
  return { argv: ["docker", "image", "ls", ...filters([`reference=${pattern}`]), "--format", "{{.Repository}}:{{.Tag}}"] };
}

/** Removes a tag, and the image once nothing refers to it any more; the engine refuses while a container uses it. */
export function removeImageTag(tag: string): Docker {
  return { argv: ["docker", "image", "rm", tag] };
}

/** Volumes with the labels, one JSON line each. */
export function listVolumes(labels: readonly string[]): Docker {
  return { argv: ["docker", "volume", "ls", ...filters(labels.map((label) => `label=${label}`)), "--format", "{{json .}}"] };
}

/** Names of networks with the labels, one a line. */
export function listNetworks(labels: readonly string[]): Docker {
  return { argv: ["docker", "network", "ls", ...filters(labels.map((label) => `label=${label}`)), "--format", "{{.Name}}"] };
}

/** Projects of this name are Aplomo's own, for the length of a rehearsal: the one thing whose volumes may go. */
export const scratchProject = "aplomo-rehearsal-";

export function removeScratchVolumes(names: readonly string[]): Docker {
  refuseLiving("volume", names);
  return { argv: ["docker", "volume", "rm", ...names] };
}

export function removeScratchNetworks(names: readonly string[]): Docker {
  refuseLiving("network", names);
  return { argv: ["docker", "network", "rm", ...names] };
}

/** Whatever a caller believes: nothing of an application is removed from here. */
function refuseLiving(kind: string, names: readonly string[]): void {
  const living = names.find((name) => !name.startsWith(scratchProject));
  if (living !== undefined || names.length === 0) throw new Error(`${kind} ${living ?? "without a name"} is no rehearsal's`);
}

function filters(conditions: readonly string[]): string[] {
  return conditions.flatMap((condition) => ["--filter", condition]);
}
