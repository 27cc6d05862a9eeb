import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../config/config.ts";
import { composeUp } from "../../host/compose.ts";
import type { Context } from "../../host/context.ts";
import {
  killContainer,
  listContainers,
  listNetworks,
  listVolumes,
  removeContainers,
  removeScratchNetworks,
  removeScratchVolumes,
  scratchProject,
} from "../../host/docker.ts";
import { makePrivateFolder, writeFileSafely } from "../../host/files.ts";
import { markOf } from "../../host/mark.ts";
import type { ReleaseFolder, Target } from "../contract.ts";
import type { Rehearsal, Room, RoomOptions } from "../rehearsal.ts";
import { change, composeApp, configured, frozenProject, run, settleCalls, type ComposeApp } from "./app.ts";
import { containersOf, isActive, serviceOf } from "./containers.ts";
import { untilHealthy } from "./data.ts";
import type { About, Frozen } from "./freeze.ts";
import { findImage } from "./images.ts";
import { parseProject, writeProject, type Project } from "./model.ts";
import { layout, readFrozen, sealFiles } from "./release.ts";
import { render } from "./render.ts";
import { enclose, type Enclosing } from "./room.ts";

/** Where what is performed in the room comes from. */
export interface Origin {
  /** Databases, caches and queues as production runs them, and which of these services they are. */
  support(options: RoomOptions): Promise<{ project: Project; names: readonly string[] }>;
  /** A release's services as its one-shot commands get them, and what it says of itself. */
  release(release: ReleaseFolder, options: RoomOptions): Promise<{ jobs: Project; about: About }>;
}

/** Of a compose project: the release's services, and what they depend on from the images that production's run from now. */
export function composeRehearsal(app: ComposeApp, openIn: (config: Config) => Target): Rehearsal {
  return rehearsalOf(within(app.ctx, app.config), openIn, {
    async support() {
      const { project, parts } = await render(app);
      const running = await containersOf(app);
      const pinned = Object.entries(project.services).map(([name, service]) => {
        const own = running.find((container) => serviceOf(container) === name && isActive(container));
        return [name, own ? { ...service, image: own.Image } : service] as const;
      });
      return { project: { ...project, services: Object.fromEntries(pinned) }, names: parts.supporting };
    },
    async release(release) {
      const { "x-aplomo": about } = await readFrozen(release);
      return { jobs: parseProject(await readFile(layout(release).jobs, "utf8")), about };
    },
  });
}

/**
 * A compose project of its own, on a network that leads nowhere: the release's services, and fresh ones of what they need. Every name
 * means the copy in it, so no variable has to be changed for production to be out of reach. `openIn` opens the compose driver on that project.
 */
export function rehearsalOf(inside: ComposeApp, openIn: (config: Config) => Target, origin: Origin): Rehearsal {
  const target = openIn(inside.config);
  const folder = join(inside.ctx.home, "rehearsals", inside.name);
  const roomFolder = (release: ReleaseFolder): ReleaseFolder => ({ id: release.id, path: join(folder, release.id) });
  return {
    async open(releases, options) {
      await close(inside, folder);
      await makePrivateFolder(folder);
      await furnish(inside, folder, await origin.support(options), options);
      for (const release of releases) await putIn(inside, await origin.release(release, options), roomFolder(release), options);
      return { config: inside.config, reaches: reachesOf(options) } satisfies Room;
    },
    runOnce: (release, job) => target.runOnce(roomFolder(release), job),
    async boot(release, probe) {
      const room = roomFolder(release);
      const evidence = { ...(await target.start(room, null)), ...(await probe(target)) };
      await target.stop(room);
      await target.retire(room, null);
      return evidence;
    },
    inside: target,
    close: () => close(inside, folder),
  };
}

/** The application as the room's project has it. */
export function within(ctx: Context, config: Config): ComposeApp {
  const { settings } = config;
  const { host, ssh_config } = settings.target;
  const target = settings.target.kind === "compose" ? settings.target : { kind: "compose" as const, host, ssh_config };
  const project = `${scratchProject}${settings.app}-${markOf(ctx.home)}`;
  return composeApp(ctx, { ...config, settings: { ...settings, target: { ...target, project } } });
}

function reachesOf({ outside, folders }: RoomOptions): string[] {
  return [
    ...(outside ? ["the network, for a database that is not a service of these files"] : []),
    ...folders.map((folder) => `the folder ${folder}, in which the copy lies beside the database's file`),
  ];
}

async function furnish(
  inside: ComposeApp,
  folder: string,
  { project, names }: { project: Project; names: readonly string[] },
  options: RoomOptions,
): Promise<void> {
  if (names.length === 0) return;
  const file = join(folder, "support.yml");
  const enclosed = enclose(project, names, {
    ...limitsOf(options),
    imageVolumes: await imageVolumes(inside, project, names),
    environment: (_service, variables) => mapped(variables, (_name, value) => options.rewriteBeside(value)),
  });
  await writeFileSafely(file, writeProject(enclosed));
  await change(inside, composeUp(await frozenProject(inside, file), names, { keep: false }), {
    operation: "start for the rehearsal",
    subject: names.join(", "),
    values: configured(inside),
  });
  for (const name of names) await untilHealthy(inside, project, name);
}

const mapped = (variables: Record<string, string>, rewrite: (name: string, value: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, rewrite(name, value)]));

const limitsOf = ({ outside, folders }: RoomOptions): Pick<Enclosing, "closed" | "folders"> => ({ closed: !outside, folders });

/** A release's own files again, enclosed: whatever works on a release's folder works on this one. */
async function putIn(
  inside: ComposeApp,
  { jobs, about }: { jobs: Project; about: About },
  room: ReleaseFolder,
  options: RoomOptions,
): Promise<void> {
  const { deployed } = about;
  const names = Object.keys(jobs.services);
  const enclosed = enclose(jobs, names, {
    ...limitsOf(options),
    imageVolumes: await imageVolumes(inside, jobs, names),
    environment: (_service, variables) => ({ ...mapped(variables, (name, value) => options.rewrite(name, value)), ...options.env }),
  });
  const labelled = Object.entries(enclosed.services).map(([name, service]) => [
    name,
    { ...service, labels: jobs.services[name]?.labels ?? {} },
  ]);
  const all = { ...enclosed, services: Object.fromEntries(labelled), "x-aplomo": { ...about, adopted: [], kept: {} } } as Frozen;
  const units = { ...all, services: Object.fromEntries(Object.entries(all.services).filter(([name]) => deployed.includes(name))) };
  await makePrivateFolder(room.path);
  await writeFileSafely(layout(room).jobs, writeProject(all));
  await writeFileSafely(layout(room).units, writeProject(units));
  await sealFiles(room);
}

async function imageVolumes(app: ComposeApp, project: Project, names: readonly string[]): Promise<Record<string, string[]>> {
  const found = names.map(async (name) => {
    const image = project.services[name]?.image;
    const volumes = image === undefined ? undefined : (await findImage(app, image))?.Config?.Volumes;
    return [name, Object.keys(volumes ?? {})];
  });
  return Object.fromEntries(await Promise.all(found)) as Record<string, string[]>;
}

/** Containers, networks and volumes of the room; by its project's name, so that what a killed run left goes too. */
async function close(inside: ComposeApp, folder: string): Promise<void> {
  await settleCalls(inside);
  const label = [`com.docker.compose.project=${inside.project}`];
  const list = async (command: Parameters<typeof run>[1]): Promise<string[]> =>
    (await run(inside, command, { operation: "look for", subject: "what a rehearsal left" })).stdout.split("\n").filter(Boolean);
  const what = { operation: "remove", subject: `the rehearsal ${inside.project}` };
  const containers = await list(listContainers(label));
  // Nothing in them is worth a moment's grace. One that has ended cannot be killed, which is as good.
  await Promise.all(containers.map((id) => inside.ctx.host.attempt(killContainer(id))));
  if (containers.length > 0) await change(inside, removeContainers(containers), what);
  const networks = await list(listNetworks(label));
  if (networks.length > 0) await change(inside, removeScratchNetworks(networks), what);
  const volumes = (await list(listVolumes(label))).map((line) => (JSON.parse(line) as { Name: string }).Name);
  if (volumes.length > 0) await change(inside, removeScratchVolumes(volumes), what);
  await rm(folder, { recursive: true, force: true });
}
