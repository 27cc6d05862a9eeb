import { basename, dirname } from "node:path";
import { AplomoError } from "../../base/errors.ts";
import { parseDuration } from "../../base/time.ts";
import { listVolumes } from "../../host/docker.ts";
import type { TargetFacts } from "../contract.ts";
import { besideRefusals } from "./beside.ts";
import { composeFiles, configured, run, type ComposeApp } from "./app.ts";
import { containersOf, inspect as inspectContainers, type Container } from "./containers.ts";
import { engineOf, findImage, isBuiltHere, localImage, mustBeBuilt, type Image } from "./images.ts";
import { reachesContainers } from "./address.ts";
import { definitionHashes } from "./data.ts";
import { mountsOf, nameOnEngine } from "./model.ts";
import { containerRefusals, databaseRefusals, fileRefusals, type Refusal } from "./refusals.ts";
import { render, type Rendered } from "./render.ts";
import { rooms } from "./rooms.ts";
import { databaseServices } from "./services.ts";

/** Older ones neither take a file without a version nor wait for a healthy service. */
const oldestV1 = 27;

export async function inspect(app: ComposeApp): Promise<TargetFacts> {
  app.forget();
  // Each of these is a program to wait for: they run beside one another, and who needs one first tells its failure.
  const rendering = ahead(render(app));
  const listing = ahead(containersOf(app));
  void ahead(definitionHashes(app));
  void ahead(reachesContainers(app));
  let runtime = "docker compose";
  try {
    runtime = await runtimeOf(app);
    const rendered = await rendering;
    const { project, parts } = rendered;
    return {
      runtime,
      replaces: parts.deployed,
      data: rooms(app.project, project, parts, app.settings),
      refusals: [...(await oldCompose(app)), ...(await refusalsOf(app, rendered, await listing))],
      interrupts: interruption(rendered),
    };
  } catch (error) {
    if (!(error instanceof AplomoError)) throw error;
    const hint = error.hint ?? "Run `docker compose config` to see the same.";
    return { runtime, replaces: [], data: [], refusals: [{ message: error.message, hint }], interrupts: 0 };
  }
}

async function runtimeOf(app: ComposeApp): Promise<string> {
  const finding = ahead(app.program());
  const { Version: engine } = await engineOf(app);
  const program = await finding;
  return `${program.argv.map((part) => basename(part)).join(" ")} ${program.version}, engine ${engine}`;
}

async function oldCompose(app: ComposeApp): Promise<Refusal[]> {
  const { old, version } = await app.program();
  if (!old || Number(version.split(".")[1]) >= oldestV1) return [];
  return [
    {
      message: `docker-compose ${version} is too old: 1.${oldestV1} is the least`,
      hint: "Install the compose plugin: apt-get install docker-compose-plugin.",
    },
  ];
}

async function refusalsOf(app: ComposeApp, rendered: Rendered, own: readonly Container[]): Promise<Refusal[]> {
  const { project, parts } = rendered;
  const databases = databaseServices(app.settings);
  const running = own.filter((container) => container.State.Status === "running");
  const findingRunning = ahead(imagesOf(app, running));
  const images = new Map<string, Image>();
  const found = fileRefusals(rendered, configured(app));
  const names = [...parts.deployed, ...parts.jobs, ...databases];
  const locals = await Promise.all(
    names.map(async (name) => {
      const service = project.services[name];
      return service && localImage(app, name, service);
    }),
  );
  for (const [index, name] of names.entries()) {
    const service = project.services[name];
    const local = locals[index];
    if (local) images.set(name, local.image);
    else if (service && isBuiltHere(service) && !databases.includes(name)) {
      const { cause, hint } = mustBeBuilt(name, service);
      found.push({ message: `${name} cannot be deployed: ${cause}`, hint });
    }
  }
  const named = new Map<string, Container>();
  for (const name of parts.deployed) {
    const wanted = project.services[name]?.container_name;
    const [holder] = wanted === undefined ? [] : await inspectContainers(app, [wanted]);
    if (wanted !== undefined && holder) named.set(wanted, holder);
  }
  const runningImages = await findingRunning;
  return [
    ...found,
    ...databaseRefusals(databases, rendered, { images, running, runningImages, home: app.ctx.home, projectName: app.project }),
    ...besideRefusals(app.settings, parts.deployed, project.services, images),
    ...containerRefusals(rendered, own, named, app.project),
    ...(own.length === 0 ? await otherProject(app, rendered) : []),
  ];
}

async function imagesOf(app: ComposeApp, containers: readonly Container[]): Promise<Map<string, Image>> {
  const ids = [...new Set(containers.map(({ Image }) => Image))];
  const found = await Promise.all(ids.map(async (id) => [id, await findImage(app, id)] as const));
  return new Map(found.filter((pair): pair is [string, Image] => pair[1] !== undefined));
}

/** Begun before it is needed: its failure is told by who awaits it, or by nobody. */
function ahead<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

interface Volume {
  Name: string;
  Labels: string;
}

/**
 * Nothing of this project is here yet, but a volume with the database's name is, of the project these files would have had without
 * Aplomo: the data is there, and a deploy under the new name would begin with nothing.
 */
async function otherProject(app: ComposeApp, { project }: Rendered): Promise<Refusal[]> {
  const usual = [...composeFiles(app.config).map((file) => basename(dirname(file))), basename(app.config.directory), app.name];
  const names = new Set(usual.map((name) => name.toLowerCase().replaceAll(/[^a-z0-9_-]/g, "")));
  const keys = new Map(
    databaseServices(app.settings).flatMap((service) =>
      mountsOf(project.services[service] ?? { environment: {}, labels: {}, depends_on: {} }).flatMap(({ type, source }) =>
        type === "volume" && source ? [[source, nameOnEngine(app.project, source, project.volumes?.[source])] as const] : [],
      ),
    ),
  );
  const found: Refusal[] = [];
  for (const [key, meant] of keys) {
    const listed = await run(app, listVolumes([`com.docker.compose.volume=${key}`]), { operation: "list", subject: "the volumes" });
    const volumes = listed.stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Volume);
    if (volumes.some(({ Name }) => Name === meant)) continue;
    for (const { Name, Labels } of volumes) {
      const other = /(?:^|,)com\.docker\.compose\.project=([^,]*)/.exec(Labels)?.[1];
      if (other === undefined || other === app.project || !names.has(other)) continue;
      found.push({
        message: `the database would begin empty: its volume ${meant} does not exist, but ${Name} of the compose project ${other} does`,
        hint: `Set target.project: ${other}. If an empty database is meant, make its volume first: docker volume create ${meant}.`,
      });
    }
  }
  return found;
}

/** The longest stop, then the longest start, as the services say themselves. */
function interruption({ project, parts }: Rendered): number {
  const services = parts.deployed.flatMap((name) => project.services[name] ?? []);
  const stops = services.map((service) => parseDuration(service.stop_grace_period ?? "10s") ?? 10_000);
  const starts = services.map((service) => parseDuration(service.healthcheck?.start_period ?? "2s") ?? 2_000);
  return Math.max(0, ...stops) + Math.max(0, ...starts);
}
