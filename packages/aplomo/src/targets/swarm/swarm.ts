import { AplomoError, UsageError } from "../../base/errors.ts";
import type { Config } from "../../config/config.ts";
import type { SwarmSettings } from "../../config/schema.ts";
import type { Context } from "../../host/context.ts";
import { engineInfo, readDistribution } from "../../host/engine.ts";
import type { ReleaseFolder, Staged, Target, TargetFacts, Unit } from "../contract.ts";
import { fingerprintEnvironment, maskEnvironment } from "../release-env.ts";
import { ask, findService, getService, nodeAddresses, tasksOf, type Spec } from "./api.ts";
import { runOnce } from "./job.ts";
import { logsOf } from "./logs.ts";
import { findFrozen, readAdopted, readFrozen, verifyFrozen, writeAdopted, writeFrozen } from "./record.ts";
import { digestOf, environmentOf, hasHostPorts, nameOf, pinned, releaseLabel, releaseVariable, specFor } from "./spec.ts";
import { start, stop, type Switching } from "./switch.ts";
import { isMeant, unitsOf } from "./tasks.ts";

/** A service of a Docker Swarm, of a stack or made by a panel. Aplomo runs on a manager and changes that one service. */
export function openSwarm(ctx: Context, config: Config): Target {
  const { app, target, health } = config.settings;
  if (target.kind !== "swarm")
    throw new UsageError({ operation: "open", subject: "target", cause: `its kind is ${target.kind}, not swarm` });
  const { service } = target;
  // The swarm's own watch is a second line: the gates watch longer and look closer.
  const switching: Switching = { ctx, service, monitorMs: Math.max(5_000, health.watch), limit: target.start_timeout };
  const adopted = (): Promise<string | null> => readAdopted(ctx, app);

  async function taskSpec(unit: Unit): Promise<Spec["TaskTemplate"]["ContainerSpec"] | undefined> {
    return (await tasksOf(service)).find((task) => task.ID === unit.id)?.Spec.ContainerSpec;
  }

  async function make(release: string): Promise<{ spec: Spec; staged: Staged }> {
    const present = (await getService(service)).Spec;
    const image = await resolved(target as SwarmSettings, present);
    const variables = Object.fromEntries([...config.environment].map(([name, variable]) => [name, variable.value.reveal()]));
    const replicas = target.kind === "swarm" ? (target.replicas ?? (present.Mode.Replicated?.Replicas || 1)) : 1;
    const spec = specFor({ present, release, image, variables, replicas });
    return { spec, staged: await stagedOf(spec) };
  }

  async function stagedOf(spec: Spec): Promise<Staged> {
    const { Image, Env } = spec.TaskTemplate.ContainerSpec;
    const { [releaseVariable]: _release, ...values } = environmentOf(Env);
    return {
      artifacts: { [service]: digestOf(Image) ?? Image },
      environment: await fingerprintEnvironment(ctx, values),
      migrations: null,
      evidence: { image: Image, replicas: spec.Mode.Replicated?.Replicas ?? 1 },
    };
  }

  async function verify(release: ReleaseFolder): Promise<{ image: string }> {
    const { spec } = await verifyFrozen(release);
    const { Image } = spec.TaskTemplate.ContainerSpec;
    await mustExist(Image, release.id);
    return { image: Image };
  }

  return {
    kind: "swarm",
    capabilities: { candidate: false, lossless: false, beside: false },
    inspect: () => inspect(target),
    startData: async () => ({}),
    async preview() {
      const { artifacts, environment, migrations } = (await make("preview")).staged;
      return { artifacts, environment, migrations };
    },
    async stage(release) {
      const done = await findFrozen(release);
      if (done) return done.staged;
      const made = await make(release.id);
      await writeFrozen(release, made);
      return made.staged;
    },
    async adopt(release) {
      const running = (await tasksOf(service)).filter(isMeant);
      const { Spec: spec } = await getService(service);
      const { ContainerSpec: container } = spec.TaskTemplate;
      if (running.length === 0 || container.Labels?.[releaseLabel] !== undefined) return null;
      const image = digestOf(container.Image) ? container.Image : await pin(container.Image);
      const kept: Spec = { ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: { ...container, Image: image } } };
      const staged = await stagedOf(kept);
      await writeFrozen(release, { spec: kept, staged });
      await writeAdopted(ctx, app, release.id);
      return staged;
    },
    // Images are the nodes' and the registry's.
    discard: async () => {},
    verify,
    runOnce: (release, job) => runOnce(app, release, job),
    stop: async (release) => stop(switching, release, await adopted()),
    start: (release) => start(switching, release),
    // The swarm has removed what it stopped.
    retire: async () => {},
    async units() {
      const nodes = await nodeAddresses();
      return unitsOf(await tasksOf(service), { service, adopted: await adopted(), port: health.port, nodes });
    },
    async differences(unit, release) {
      const { spec } = await readFrozen(release);
      const actual = await taskSpec(unit);
      if (!actual) return ["the task is gone"];
      const meant = spec.TaskTemplate.ContainerSpec;
      const image = digestOf(actual.Image) === digestOf(meant.Image) ? [] : [`image ${actual.Image} runs, ${meant.Image} is meant`];
      return [...image, ...variableDifferences(environmentOf(meant.Env), environmentOf(actual.Env))];
    },
    async logs(unit, { tail }) {
      const said = await logsOf(unit.id, tail);
      return maskEnvironment(said, environmentOf((await taskSpec(unit))?.Env));
    },
  };
}

function variableDifferences(meant: Record<string, string>, actual: Record<string, string>): string[] {
  const names = [...new Set([...Object.keys(meant), ...Object.keys(actual)])].sort();
  return names.flatMap((name) => {
    if (meant[name] === actual[name]) return [];
    if (actual[name] === undefined) return [`variable ${name} is missing`];
    return [meant[name] === undefined ? `variable ${name} is not meant to be there` : `variable ${name} has another value`];
  });
}

/** The image by digest: a tag may mean another image on each node, and by the time a release is returned to. */
async function resolved(target: SwarmSettings, present: Spec): Promise<string> {
  const wanted = target.image ?? present.TaskTemplate.ContainerSpec.Image;
  return digestOf(wanted) ? `${nameOf(wanted)}@${digestOf(wanted)}` : pin(wanted);
}

async function pin(image: string): Promise<string> {
  const digest = await digestAt(image);
  if (digest !== undefined) return pinned(image, digest);
  throw new AplomoError({
    operation: "pin",
    subject: image,
    cause: "no registry has it, so nothing says which image is meant tomorrow, or on another node",
    hint: "Push it to a registry that every node reaches, and name it there.",
  });
}

async function mustExist(image: string, release: string): Promise<void> {
  if ((await digestAt(image)) !== undefined) return;
  throw new AplomoError({
    operation: "start from",
    subject: `release ${release}`,
    cause: `its image ${image} is no longer in the registry`,
    hint: "Push it again, or go back to another release.",
  });
}

async function digestAt(image: string): Promise<string | undefined> {
  const purpose = {
    operation: "ask the registry for",
    subject: image,
    hint: "Its registry must answer; log in with `docker login` when it wants that.",
  };
  try {
    return (await ask<{ Descriptor: { digest: string } }>(readDistribution(image), purpose))?.Descriptor.digest;
  } catch (error) {
    // Some registries answer so for what they do not have.
    if (error instanceof AplomoError && /not found|unknown|denied|no such/i.test(error.message)) return undefined;
    throw error;
  }
}

async function inspect(target: SwarmSettings): Promise<TargetFacts> {
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
  const runtime = `swarm of ${info.Swarm.Nodes ?? 0} nodes, engine ${info.ServerVersion}`;
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
  const mounts = spec.TaskTemplate.ContainerSpec.Mounts ?? [];
  const grace = Number(spec.TaskTemplate.ContainerSpec["StopGracePeriod"] ?? 10e9) / 1e6;
  return {
    runtime,
    replaces: [target.service],
    data: mounts.map(({ Type, Source, Target }) => `${Type} ${Source ?? "of its own"} on ${Target}`),
    refusals,
    interrupts: hasHostPorts(spec) ? grace + 2_000 : 2_000,
  };
}

interface Info {
  ServerVersion: string;
  Swarm: { ControlAvailable?: boolean; Nodes?: number };
}
