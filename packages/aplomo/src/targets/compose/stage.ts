import { isDeepStrictEqual } from "node:util";
import { UsageError } from "../../base/errors.ts";
import type { Keep, ReleaseFolder, Staged } from "../contract.ts";
import { fingerprintEnvironment } from "../release-env.ts";
import { configured, releaseVariable, type ComposeApp } from "./app.ts";
import { freezeUnits, markOf, type About, type Frozen, type Pin } from "./freeze.ts";
import { localImage, obtainImage, obtainImages, tagImages } from "./images.ts";
import { hashMigrations, migrationService } from "./migrations.ts";
import { parseProject, writeProject, type Project, type Service } from "./model.ts";
import { readFrozen, writeFrozen } from "./release.ts";
import { render } from "./render.ts";
import type { Parts } from "./services.ts";
import { keptMarks, unchanged } from "./unchanged.ts";

/** The user's present files become a release: images by id, values filled in, nothing left that could mean something else tomorrow. */
export async function stage(app: ComposeApp, release: ReleaseFolder, code?: ReleaseFolder, keep?: Keep): Promise<Staged> {
  const { project, parts } = await render(app, release.id);
  const { deployed } = parts;
  const images = code ? await keptImages(app, code) : await obtainImages(app, project, [...deployed, ...parts.jobs]);
  const kept = await keptMarks(keep, project, { deployed, images });
  const about = { app: app.name, project: app.project, release: release.id, deployed, images, kept, adopted: [], notes: [] };
  await freeze(app, release, withMarks(project, about), about);
  const frozen = await readFrozen(release);
  const migrations = await hashMigrations(app, release.id, parts, images);
  return staged(app, frozen, migrations);
}

/** The images of a release whose code stays. What else the present files would change is another deploy. */
async function keptImages(app: ComposeApp, code: ReleaseFolder): Promise<Record<string, Pin>> {
  const { project, parts } = await render(app, code.id);
  const before = await readFrozen(code);
  const { images } = before["x-aplomo"];
  const [wanted, kept] = [[...parts.deployed, ...parts.jobs].sort(), Object.keys(images).sort()];
  const services = wanted.join() === kept.join() ? [] : [`the services are ${wanted.join(", ")} instead of ${kept.join(", ")}`];
  const changed = services.length > 0 ? services : otherChanges(project, before);
  if (changed.length === 0) return images;
  throw new UsageError({
    operation: "change only the environment of",
    subject: code.id,
    cause: `the compose files, or values in them, have changed too: ${changed.join("; ")}`,
    hint: "Deploy all of it: aplomo deploy.",
  });
}

/** Pure: services that the files describe otherwise than a release has them, apart from their environment. */
export function otherChanges(project: Project, before: Frozen): string[] {
  const now = parseProject(writeProject(freezeUnits(project, before["x-aplomo"])));
  return Object.entries(now.services).flatMap(([name, service]) => {
    const other = before.services[name] ?? {};
    const keys = new Set([...Object.keys(service), ...Object.keys(other)]);
    keys.delete("environment");
    const differing = [...keys].filter((key) => !isDeepStrictEqual(service[key], (other as Service)[key]));
    return differing.length === 0 ? [] : [`${name}: ${differing.sort().join(", ")}`];
  });
}

/** Tags after the folder is complete, so that nothing keeps a tag that no folder speaks of. */
export async function freeze(app: ComposeApp, release: ReleaseFolder, project: Project, about: About): Promise<void> {
  await writeFrozen(release, project, about, configured(app));
  await tagImages(app, release.id, about.images);
}

/** Every unit can say which release it was started for. */
function withMarks(project: Project, about: About): Project {
  const services = Object.entries(project.services).map(([name, service]) => {
    return [name, { ...service, environment: { ...service.environment, [releaseVariable]: markOf(about, name) } }];
  });
  return { ...project, services: Object.fromEntries(services) };
}

export async function staged(app: ComposeApp, frozen: Frozen, migrations: string | null): Promise<Staged> {
  const { deployed, images, notes, kept = {} } = frozen["x-aplomo"];
  const services = Object.fromEntries(deployed.map((name) => [name, images[name]]));
  return {
    artifacts: artifactsOf(deployed, images),
    environment: await fingerprintEnvironment(app.ctx, variablesOf(frozen, deployed)),
    migrations,
    ...(Object.keys(kept).length > 0 ? { kept } : {}),
    evidence: {
      images: Object.fromEntries(Object.entries(services).map(([name, pin]) => [name, describe(pin)])),
      ...(Object.keys(kept).length > 0 ? { kept } : {}),
      ...(notes.length > 0 ? { notes } : {}),
    },
  };
}

/** What a release made of the present files would be. An image is fetched only when its migrations must be known. */
export async function preview(app: ComposeApp, code?: ReleaseFolder): Promise<Pick<Staged, "artifacts" | "environment" | "migrations">> {
  const { project, parts } = await render(app);
  const images = code ? await keptImages(app, code) : await previewImages(app, project, parts);
  return {
    artifacts: artifactsOf(parts.deployed, images),
    environment: await fingerprintEnvironment(app.ctx, variablesOf(project, parts.deployed)),
    migrations: await hashMigrations(app, "preview", parts, images),
  };
}

/** The services that a release made of the present files could leave as `previous` runs them. */
export async function unchangedSince(app: ComposeApp, previous: ReleaseFolder, code?: ReleaseFolder): Promise<string[]> {
  const { project, parts } = await render(app);
  const images = code ? await keptImages(app, code) : await previewImages(app, project, parts);
  return unchanged(app, previous, project, { deployed: parts.deployed, images });
}

async function previewImages(app: ComposeApp, project: Project, parts: Parts): Promise<Record<string, Pin>> {
  const images: Record<string, Pin> = {};
  const wanted = app.settings.migrate?.files === undefined ? undefined : migrationService(app, parts);
  for (const name of parts.deployed) {
    const service = project.services[name];
    if (!service || name === wanted) continue;
    const reference = service.image ?? name;
    const absent = { id: `${reference} (not on this server yet)`, reference, digest: null };
    images[name] = (await localImage(app, name, service)) ? await obtainImage(app, name, service) : absent;
  }
  const service = wanted === undefined ? undefined : project.services[wanted];
  if (wanted !== undefined && service) images[wanted] = await obtainImage(app, wanted, service);
  return images;
}

/** The services in front: each must have a unit that runs. */
function artifactsOf(deployed: readonly string[], images: Record<string, Pin>): Record<string, string> {
  return Object.fromEntries(deployed.map((name) => [name, images[name]?.id ?? ""]));
}

/** With several services a name says whose it is: `web:PORT`. The release's own name differs each time and says nothing. */
function variablesOf(project: Project, deployed: readonly string[]): Record<string, string> {
  const entries = deployed.flatMap((service) => {
    const variables = Object.entries(project.services[service]?.environment ?? {}).filter(([name]) => name !== releaseVariable);
    return variables.map(([name, value]) => [deployed.length > 1 ? `${service}:${name}` : name, value]);
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

function describe(pin: Pin | undefined): string {
  return pin ? `${pin.reference} is ${pin.digest ?? pin.id}` : "none";
}
