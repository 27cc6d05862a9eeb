import { UsageError } from "../../base/errors.ts";
import type { Config } from "../../config/config.ts";
import type { Context } from "../../host/context.ts";
import { openCompose } from "../compose/compose.ts";
import type { ReleaseFolder, Staged, Target, Unit } from "../contract.ts";
import type { ImageFiles } from "../image-files.ts";
import { fingerprintEnvironment, maskEnvironment } from "../release-env.ts";
import { getService, isMeant, nodeAddresses, tasksOf, type Spec, type Task } from "./api.ts";
import { examine } from "./examine.ts";
import { byDigest, mustExist } from "./image.ts";
import { inspect } from "./inspect.ts";
import { runOnce } from "./job.ts";
import { logsOf } from "./logs.ts";
import { openMigrations } from "./migrations.ts";
import { findFrozen, readAdopted, readFrozen, verifyFrozen, writeAdopted, writeFrozen } from "./record.ts";
import { swarmRehearsal } from "./rehearsal.ts";
import { allTasks } from "./services.ts";
import { digestOf, environmentOf, releaseLabel, releaseVariable, replicasLabel, specFor } from "./spec.ts";
import { retire, start, startBeside, stop, type Switching } from "./switch.ts";
import { runsOf, unitsOf } from "./tasks.ts";

/**
 * A service of a Docker Swarm, of a stack or made by a panel. Aplomo runs on a manager and changes that one service; behind an edge each
 * release has a service of its own beside it.
 */
export function openSwarm(ctx: Context, config: Config): Target {
  const { app, target, health, edge } = config.settings;
  if (target.kind !== "swarm")
    throw new UsageError({ operation: "open", subject: "target", cause: `its kind is ${target.kind}, not swarm` });
  const { service, image: wanted, replicas: count } = target;
  // The swarm's own watch is a second line: the gates watch longer and look closer.
  const switching: Switching = {
    ctx,
    service,
    monitorMs: Math.max(5_000, health.watch),
    limit: target.start_timeout,
    stabilise: target.stabilise,
  };
  const network = "network" in edge ? edge.network : undefined;
  const fronted = edge.kind !== "none";
  const adopted = (): Promise<string | null> => readAdopted(ctx, app);

  /** The task that is the unit, last, and those that ran in its place before. */
  async function runs(unit: Unit): Promise<Task[]> {
    return (await allTasks(service)).map(({ tasks }) => runsOf(tasks, unit.id)).find((found) => found.length > 0) ?? [];
  }

  /** What the next release runs. */
  async function presentImage(present: Spec): Promise<string> {
    return byDigest(config.built?.get(service) ?? wanted ?? present.TaskTemplate.ContainerSpec.Image);
  }

  async function make(release: string, code: ReleaseFolder | undefined): Promise<{ spec: Spec; staged: Staged }> {
    const present = (await getService(service)).Spec;
    const before = code ? await readFrozen(code) : undefined;
    const image = before?.spec.TaskTemplate.ContainerSpec.Image ?? (await presentImage(present));
    const variables = Object.fromEntries([...config.environment].map(([name, variable]) => [name, variable.value.reveal()]));
    const had = present.Mode.Replicated?.Replicas || Number(present.Labels?.[replicasLabel]) || 1;
    const replicas = count ?? had;
    const spec = specFor({ present, release, image, variables, replicas });
    const migrations = before ? before.staged.migrations : ((await opened(image))?.hash ?? null);
    return { spec, staged: await stagedOf(spec, migrations) };
  }

  /** Once for each image: the plan and the release it makes speak of the same. Undefined where aplomo.yml does not say where they are. */
  const known = new Map<string, Promise<ImageFiles>>();
  async function opened(image: string): Promise<ImageFiles | undefined> {
    const files = config.settings.migrate?.files;
    if (files === undefined) return undefined;
    const opening = known.get(image) ?? openMigrations(ctx, app, image, files);
    known.set(image, opening);
    // What failed is tried again by who asks next.
    opening.catch(() => known.delete(image));
    return opening;
  }

  async function stagedOf(spec: Spec, migrations: string | null): Promise<Staged> {
    const { Image, Env } = spec.TaskTemplate.ContainerSpec;
    const { [releaseVariable]: _release, ...values } = environmentOf(Env);
    return {
      artifacts: { [service]: digestOf(Image) ?? Image },
      environment: await fingerprintEnvironment(ctx, values),
      migrations,
      evidence: { image: Image, replicas: spec.Mode.Replicated?.Replicas ?? 1 },
    };
  }

  async function verify(release: ReleaseFolder): Promise<{ image: string }> {
    const { spec } = await verifyFrozen(release);
    const { Image } = spec.TaskTemplate.ContainerSpec;
    await mustExist(Image, release.id);
    return { image: Image };
  }

  async function units(): Promise<Unit[]> {
    const nodes = await nodeAddresses();
    const about = { service, adopted: await adopted(), port: health.port, nodes };
    return (await allTasks(service)).flatMap(({ service: home, beside, tasks }) =>
      unitsOf(tasks, { ...about, home, ...(beside && network !== undefined ? { network } : {}) }),
    );
  }

  return {
    kind: "swarm",
    capabilities: { candidate: false, lossless: false, beside: fronted },
    inspect: () => inspect(switching, target, config.settings),
    startData: async () => ({}),
    async preview(code) {
      const { artifacts, environment, migrations } = (await make("preview", code)).staged;
      return { artifacts, environment, migrations };
    },
    async stage(release, code) {
      const done = await findFrozen(release);
      if (done) return done.staged;
      const made = await make(release.id, code);
      await writeFrozen(release, made);
      return made.staged;
    },
    async migrations(release) {
      const image = release
        ? (await readFrozen(release)).spec.TaskTemplate.ContainerSpec.Image
        : await presentImage((await getService(service)).Spec);
      return (await opened(image))?.files ?? {};
    },
    async adopt(release) {
      const running = (await tasksOf(service)).filter(isMeant);
      const { Spec: spec } = await getService(service);
      const { ContainerSpec: container } = spec.TaskTemplate;
      if (running.length === 0 || container.Labels?.[releaseLabel] !== undefined) return null;
      const image = await byDigest(container.Image);
      const kept: Spec = { ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: { ...container, Image: image } } };
      const staged = await stagedOf(kept, null);
      await writeFrozen(release, { spec: kept, staged });
      await writeAdopted(ctx, app, release.id);
      return staged;
    },
    // Images are the nodes' and the registry's.
    discard: async () => {},
    verify,
    runOnce: (release, job) => runOnce(app, release, job),
    get rehearsal() {
      return swarmRehearsal(ctx, config, service, (inside) => openCompose(ctx, inside));
    },
    stop: async (release) => stop(switching, release, await adopted()),
    start: (release) => start(switching, release),
    ...(fronted ? { startBeside: (release: ReleaseFolder) => startBeside(switching, release) } : {}),
    // What it stopped in the user's own service the swarm has removed.
    retire: (release) => retire(switching, release),
    units,
    async differences(unit, release) {
      const { spec } = await readFrozen(release);
      const actual = (await runs(unit)).at(-1)?.Spec.ContainerSpec;
      if (!actual) return ["the task is gone"];
      const meant = spec.TaskTemplate.ContainerSpec;
      const image = digestOf(actual.Image) === digestOf(meant.Image) ? [] : [`image ${actual.Image} runs, ${meant.Image} is meant`];
      return [...image, ...variableDifferences(environmentOf(meant.Env), environmentOf(actual.Env))];
    },
    async logs(unit, { tail, sinceStart = false }) {
      const [before, task] = [undefined, undefined, ...(await runs(unit))].slice(-2);
      const said = [await logsOf(unit.id, tail)];
      // One that was begun anew tells by the run before why.
      if (!sinceStart && before) said.unshift(await logsOf(before.ID, tail));
      const lines = said.filter(Boolean).join("\n").split("\n").slice(-tail).join("\n");
      return maskEnvironment(lines, environmentOf(task?.Spec.ContainerSpec.Env));
    },
    async examine() {
      const meant = Object.fromEntries([...config.environment].map(([name, variable]) => [name, variable.value.reveal()]));
      return Promise.all((await units()).map(async (unit) => examine(unit, await runs(unit), { port: health.port, meant })));
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
