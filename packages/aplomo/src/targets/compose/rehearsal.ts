import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../config/config.ts";
import type { Evidence } from "../../base/events.ts";
import { composeUp } from "../../host/compose.ts";
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
import type { ReleaseFolder, Target } from "../contract.ts";
import type { Rehearsal, Room, RoomOptions } from "../rehearsal.ts";
import { change, composeApp, configured, frozenProject, run, settleCalls, type ComposeApp } from "./app.ts";
import { containersOf, isActive, serviceOf } from "./containers.ts";
import { untilHealthy } from "./data.ts";
import type { Frozen } from "./freeze.ts";
import { findImage } from "./images.ts";
import { parseProject, writeProject, type Project } from "./model.ts";
import { layout, readFrozen, sealFiles } from "./release.ts";
import { render } from "./render.ts";
import { enclose, type Enclosing } from "./room.ts";

/**
 * A compose project of its own, on a network that leads nowhere: the release's services, and fresh ones of the images that its databases
 * and the rest of what it depends on run from now. Every name means the copy in it, so no variable has to be changed for production to be
 * out of reach. `openIn` opens the driver on that project.
 */
export function composeRehearsal(app: ComposeApp, openIn: (config: Config) => Target): Rehearsal {
  const inside = within(app);
  const target = openIn(inside.config);
  const folder = join(app.ctx.home, "rehearsals", app.name);
  const roomFolder = (release: ReleaseFolder): ReleaseFolder => ({ id: release.id, path: join(folder, release.id) });
  return {
    async open(releases, options) {
      await close(inside, folder);
      await makePrivateFolder(folder);
      await furnish(app, inside, folder, options);
      for (const release of releases) await copyRelease(app, release, roomFolder(release), options);
      return {
        config: inside.config,
        reaches: options.outside ? ["the network, for a database that is not a service of these files"] : [],
      } satisfies Room;
    },
    runOnce: (release, job) => target.runOnce(roomFolder(release), job),
    async boot(release, probe) {
      const room = roomFolder(release);
      try {
        return { ...(await target.start(room, null)), ...(await probe(target)) };
      } finally {
        await target.stop(room);
        await target.retire(room);
      }
    },
    close: () => close(inside, folder),
  };
}

function within(app: ComposeApp): ComposeApp {
  const { settings } = app.config;
  const config = {
    ...app.config,
    settings: { ...settings, target: { ...settings.target, project: `${scratchProject}${app.name}` } },
  } as Config;
  return composeApp(app.ctx, config);
}

/** Databases, caches and queues, from the images that production's run from. */
async function furnish(app: ComposeApp, inside: ComposeApp, folder: string, options: RoomOptions): Promise<Evidence> {
  const { project, parts } = await render(app);
  if (parts.supporting.length === 0) return {};
  const running = await containersOf(app);
  const pinned = Object.entries(project.services).map(([name, service]) => {
    const own = running.find((container) => serviceOf(container) === name && isActive(container));
    return [name, own ? { ...service, image: own.Image } : service] as const;
  });
  const present = { ...project, services: Object.fromEntries(pinned) };
  const file = join(folder, "support.yml");
  const settings = { closed: !options.outside, imageVolumes: await imageVolumes(app, present, parts.supporting), environment: asIs };
  await writeFileSafely(file, writeProject(enclose(present, parts.supporting, settings)));
  await change(inside, composeUp(await frozenProject(inside, file), parts.supporting, { keep: false }), {
    operation: "start for the rehearsal",
    subject: parts.supporting.join(", "),
    values: configured(app),
  });
  for (const name of parts.supporting) await untilHealthy(inside, project, name);
  return { services: parts.supporting };
}

const asIs: Enclosing["environment"] = (_service, variables) => variables;

/** The release's own files again, enclosed: whatever works on a release's folder works on this one. */
async function copyRelease(app: ComposeApp, release: ReleaseFolder, room: ReleaseFolder, options: RoomOptions): Promise<void> {
  const { deployed, ...about } = (await readFrozen(release))["x-aplomo"];
  const jobs = parseProject(await readFile(layout(release).jobs, "utf8"));
  const names = Object.keys(jobs.services);
  const rewritten = (variables: Record<string, string>): Record<string, string> => ({
    ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, options.rewrite(name, value)])),
    ...options.env,
  });
  const enclosed = enclose(jobs, names, {
    closed: !options.outside,
    imageVolumes: await imageVolumes(app, jobs, names),
    environment: (_service, variables) => rewritten(variables),
  });
  const labelled = Object.entries(enclosed.services).map(([name, service]) => [
    name,
    { ...service, labels: jobs.services[name]?.labels ?? {} },
  ]);
  const all = { ...enclosed, services: Object.fromEntries(labelled), "x-aplomo": { ...about, deployed, adopted: [] } } as Frozen;
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
