import { isDeepStrictEqual } from "node:util";
import { AplomoError } from "../../base/errors.ts";
import { composeHashes } from "../../host/compose.ts";
import type { ReleaseFolder, Staged } from "../contract.ts";
import { writeAdoption } from "./adoption.ts";
import { presentProject, run, type ComposeApp } from "./app.ts";
import { containersOf, isActive, isUnit, label, nameOf, serviceOf, type Container } from "./containers.ts";
import { releaseLabel, type Pin } from "./freeze.ts";
import { findImage, type Image } from "./images.ts";
import { hashMigrations } from "./migrations.ts";
import type { Project, Resource, Service } from "./model.ts";
import { readFrozen } from "./release.ts";
import { render, type Rendered } from "./render.ts";
import { freeze, staged } from "./stage.ts";
import { takeDown } from "./take-down.ts";

/**
 * What people started becomes a release that can be returned to. The present files may already be those of the next one: whatever
 * decides how the app behaves is read from the containers, and only what the engine cannot tell comes from the files.
 */
export async function adopt(app: ComposeApp, release: ReleaseFolder): Promise<Staged | null> {
  const rendered = await render(app);
  const found = (await containersOf(app)).filter((container) => isAdopted(app, rendered, container));
  if (found.length === 0) return null;

  const hashes = await presentHashes(app);
  const images: Record<string, Pin> = {};
  const services: Record<string, Service> = {};
  const extra: Record<"volumes" | "networks", Record<string, Resource>> = { volumes: {}, networks: {} };
  const notes: string[] = [];
  for (const name of new Set(found.map(serviceOf))) {
    const containers = found.filter((container) => serviceOf(container) === name);
    const container = containers.find((one) => label(one, "com.docker.compose.container-number") === "1") ?? containers[0];
    if (!container) continue;
    const image = await imageOf(app, container);
    images[name] = { id: image.Id, reference: container.Config.Image, digest: image.RepoDigests?.[0] ?? null };
    const taken = takeDown({ project: app.project, rendered: rendered.project, name, container, image, scale: containers.length });
    services[name] = taken.service;
    Object.assign(extra.volumes, taken.volumes);
    Object.assign(extra.networks, taken.networks);
    notes.push(...notesOn(name, rendered.project, containers, hashes));
  }
  const project: Project = {
    ...rendered.project,
    services,
    volumes: { ...rendered.project.volumes, ...extra.volumes },
    networks: { ...rendered.project.networks, ...extra.networks },
  };
  const deployed = Object.keys(services);
  await freeze(app, release, project, {
    app: app.name,
    project: app.project,
    release: release.id,
    deployed,
    images,
    adopted: found.map(({ Id }) => Id),
    notes,
  });
  await writeAdoption(app, { release: release.id, containers: found.map(({ Id }) => Id) });
  // Migrations of a release that was not made by Aplomo may lie anywhere: not knowing them means that the next one migrates.
  const migrations = await hashMigrations(app, release.id, { deployed }, images).catch(() => null);
  return staged(app, await readFrozen(release), migrations);
}

/** A running unit that carries no release: deployed today, or of a service that the files no longer have. */
function isAdopted(app: ComposeApp, { project, parts }: Rendered, container: Container): boolean {
  const service = serviceOf(container);
  if (!isActive(container) || label(container, releaseLabel) !== undefined || !isUnit(app, container)) return false;
  return parts.deployed.includes(service) || !(service in project.services);
}

async function imageOf(app: ComposeApp, container: Container): Promise<Image> {
  const image = await findImage(app, container.Image);
  if (image) return image;
  throw new AplomoError({
    operation: "take down",
    subject: nameOf(container),
    cause: "its image is no longer on this engine, so it could not be returned to",
    hint: `Make an image of it first: docker commit ${nameOf(container)} ${container.Config.Image}, then recreate it from that.`,
  });
}

async function presentHashes(app: ComposeApp): Promise<Map<string, string>> {
  const result = await run(app, composeHashes(await presentProject(app)), { operation: "read", subject: "the compose files" });
  const pairs = result.stdout.split("\n").flatMap((line) => {
    const [name, hash] = line.trim().split(/\s+/);
    return name && hash ? [[name, hash] as const] : [];
  });
  return new Map(pairs);
}

function notesOn(name: string, project: Project, containers: readonly Container[], hashes: Map<string, string>): string[] {
  const [first, ...rest] = containers;
  if (!(name in project.services)) return [`${name} is no longer in the compose files: what only they say of it is lost`];
  const changed = first && label(first, "com.docker.compose.config-hash") !== hashes.get(name);
  const uneven = rest.some((other) => other.Image !== first?.Image || !isDeepStrictEqual(other.Config.Env, first?.Config.Env));
  return [
    ...(changed ? [`${name}: the compose files have changed since it was started; limits, capabilities and logging come from them`] : []),
    ...(uneven ? [`${name}: its containers differ; all are returned to as ${first ? nameOf(first) : name} is`] : []),
  ];
}
