import { AplomoError } from "../../base/errors.ts";
import { engineVersion, inspectImages, listImageTags, pullImage, removeImageTag, tagImage } from "../../host/docker.ts";
import { engineHint, run, type ComposeApp } from "./app.ts";
import type { Healthcheck } from "./containers.ts";
import { tagOf, type Pin } from "./freeze.ts";
import type { Project, Service } from "./model.ts";

/** What `docker image inspect` says, as far as it is used. */
export interface Image {
  Id: string;
  RepoDigests: string[] | null;
  Os: string;
  Architecture: string;
  Config: {
    Env?: string[] | null;
    Cmd?: string[] | null;
    Entrypoint?: string[] | null;
    Labels?: Record<string, string> | null;
    Volumes?: Record<string, unknown> | null;
    ExposedPorts?: Record<string, unknown> | null;
    User?: string;
    WorkingDir?: string;
    StopSignal?: string;
    Healthcheck?: Healthcheck | null;
  } | null;
}

/** An image of this engine, by whatever it is called; undefined when it is not here. */
export async function findImage(app: ComposeApp, reference: string): Promise<Image | undefined> {
  // An id never means another image; a name may, at any time.
  return reference.startsWith("sha256:") ? app.once(`image ${reference}`, () => ask(app, reference)) : ask(app, reference);
}

async function ask(app: ComposeApp, reference: string): Promise<Image | undefined> {
  const result = await app.ctx.host.attempt(inspectImages([reference]));
  if (result.code === 0) return (JSON.parse(result.stdout) as Image[])[0];
  if (/no such image/i.test(result.stderr)) return undefined;
  const hint = engineHint(result.stderr);
  throw new AplomoError({
    operation: "look at the image",
    subject: reference,
    cause: result.stderr.trim(),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** How a service's image may be called here: compose names what it builds after project and service, each generation its own way. */
export function referencesOf(project: string, name: string, service: Service): string[] {
  return service.image === undefined ? [`${project}-${name}`, `${project}_${name}`] : [service.image];
}

/** The service's image when it is on this engine. */
export async function localImage(app: ComposeApp, name: string, service: Service): Promise<Local | undefined> {
  for (const reference of referencesOf(app.project, name, service)) {
    const image = await findImage(app, reference);
    if (image) return { reference, image };
  }
  return undefined;
}

/** The images of these services, as they are or fetched from their registry; never built. */
export async function obtainImages(app: ComposeApp, project: Project, names: readonly string[]): Promise<Record<string, Pin>> {
  const pins: Record<string, Pin> = {};
  for (const name of names) {
    const service = project.services[name];
    if (service) pins[name] = await obtainImage(app, name, service);
  }
  return pins;
}

/** Asked once: the image that the plan speaks of is the image that is deployed. */
export function obtainImage(app: ComposeApp, name: string, service: Service): Promise<Pin> {
  return app.once(`image of ${name}`, async () => {
    const { reference, image } = await obtain(app, name, service);
    refuseForeign(name, service, image, await engineOf(app));
    return { id: image.Id, reference, digest: image.RepoDigests?.[0] ?? null };
  });
}

/** This engine, as far as it is used. */
export interface Engine {
  Version: string;
  Os: string;
  Arch: string;
}

export function engineOf(app: ComposeApp): Promise<Engine> {
  return app.once("engine", async () => {
    const answer = await run(app, engineVersion(), { operation: "reach", subject: "the container engine" });
    return JSON.parse(answer.stdout) as Engine;
  });
}

/** Pure: an image for other machines starts nothing here; a service that names its platform has something that can run it. */
export function refuseForeign(name: string, service: Service, image: Pick<Image, "Os" | "Architecture">, engine: Engine): void {
  if (service["platform"] !== undefined || (image.Os === engine.Os && image.Architecture === engine.Arch)) return;
  throw new AplomoError({
    operation: "run the image of",
    subject: name,
    cause: `it is for ${image.Os}/${image.Architecture}, and this server is ${engine.Os}/${engine.Arch}`,
    hint: `Build it for this server: \`platform: ${engine.Os}/${engine.Arch}\` under images in aplomo.yml, or docker build --platform.`,
  });
}

interface Local {
  reference: string;
  image: Image;
}

async function obtain(app: ComposeApp, name: string, service: Service): Promise<Local> {
  const always = service["pull_policy"] === "always" && !service.build;
  const local = always ? undefined : await localImage(app, name, service);
  if (local && !mayBeOld(service, local.image)) return local;
  if (local) {
    const newer = await pull(app, name, local.reference).catch((error: unknown) => orLocal(app, local.reference, error));
    return newer ?? local;
  }
  if (isBuiltHere(service)) throw new AplomoError({ operation: "stage service", subject: name, ...mustBeBuilt(name, service) });
  const reference = service.image;
  if (reference === undefined) {
    throw new AplomoError({ operation: "stage service", subject: name, cause: "it has no image", hint: `Give ${name} an \`image\`.` });
  }
  if (reference.startsWith("sha256:")) {
    const hint = `Deploy it from the machine that has built it: aplomo build ${name}, then aplomo deploy.`;
    throw new AplomoError({ operation: "find", subject: `the image of ${name}`, cause: `${reference} is not on this server`, hint });
  }
  return pull(app, name, reference);
}

/** A name that moves (no digest) and came from a registry may mean another image there by now: the old one must not be deployed as the new (I10). */
function mayBeOld(service: Service, image: Image): boolean {
  if (isBuiltHere(service) || service["pull_policy"] !== undefined || /(^|@)sha256:/.test(service.image ?? "")) return false;
  return (image.RepoDigests ?? []).length > 0;
}

/** It names a build and no registry to fetch the outcome from. */
export function isBuiltHere(service: Service): boolean {
  return Boolean(service.build) && !hasHost(service.image ?? "");
}

/** Some engines give what was built here a digest too: a name without a registry's host may well be nobody's but ours. */
function orLocal(app: ComposeApp, reference: string, error: unknown): undefined {
  if (!(error instanceof AplomoError) || app.ctx.signal.aborted || hasHost(reference)) throw error;
  const hint = "If it comes from a registry, log this server in to it; if it is built here, set `pull_policy: never`.";
  if (!/denied|not found|not exist|unauthorized/i.test(error.message)) {
    app.ctx.emit({ type: "warning", message: `no registry could say whether ${reference} is the newest: ${error.message}`, hint });
  }
  return undefined;
}

/** `registry.example.com/app` or `localhost:5000/app`, not `team/app`. */
export function hasHost(reference: string): boolean {
  const [first = "", ...rest] = reference.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
}

async function pull(app: ComposeApp, name: string, reference: string): Promise<Local> {
  app.ctx.emit({ type: "progress", subject: name, message: `pulling ${reference}` });
  await run(app, pullImage(reference), {
    operation: "pull",
    subject: reference,
    signal: app.ctx.signal,
    hint: "Push it first, and log this server in to its registry: docker login. `pull_policy: missing` takes the image that is here.",
  });
  const image = await findImage(app, reference);
  if (image) return { reference, image };
  throw new AplomoError({ operation: "find", subject: reference, cause: "it was pulled and is not here: another program removes images" });
}

export function mustBeBuilt(name: string, service: Service): { cause: string; hint: string } {
  return {
    cause: `its image${service.image === undefined ? "" : ` ${service.image}`} is not on this server, and Aplomo builds nothing on a server that runs an app`,
    hint: `Build the image of ${name} where there is power, push it and name it in \`image\`; or run \`docker compose build ${name}\` on this machine yourself.`,
  };
}

/** Gives every pinned image a name of the release's own, so that nothing that tidies images takes it away. */
export async function tagImages(app: ComposeApp, release: string, pins: Record<string, Pin>): Promise<void> {
  for (const [service, { id }] of Object.entries(pins)) {
    const tag = tagOf(app.name, service, release);
    await run(app, tagImage(id, tag), { operation: "keep the image of", subject: service });
  }
}

/** Takes those names away again. An image that a container uses keeps its name: the engine refuses, rightly. */
export async function untagImages(app: ComposeApp, release: string): Promise<void> {
  const pattern = `aplomo.local/${app.name}/*:${release}`;
  const listed = await run(app, listImageTags(pattern), { operation: "list", subject: `the images of ${release}` });
  for (const tag of new Set(listed.stdout.split("\n").filter(Boolean))) {
    const result = await app.ctx.host.attempt(removeImageTag(tag));
    if (result.code !== 0 && !/no such image|conflict/i.test(result.stderr)) {
      throw new AplomoError({ operation: "remove the image tag", subject: tag, cause: result.stderr.trim() });
    }
  }
}
