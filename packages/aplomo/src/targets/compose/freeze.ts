import type { Kept } from "../kept.ts";
import type { Project, Service } from "./model.ts";

/** An image as a release keeps it. */
export interface Pin {
  /** `sha256:...`: what this engine knows the image by; never means another image. */
  id: string;
  /** As the user's files call it. */
  reference: string;
  /** `registry/name@sha256:...`, to fetch it again; null when it came from no registry. */
  digest: string | null;
}

/** What a release's compose file says of itself, under `x-aplomo`. */
export interface About {
  app: string;
  project: string;
  release: string;
  /** Services whose containers the release is made of. */
  deployed: string[];
  images: Record<string, Pin>;
  /** Its services that run on as an earlier release started them; absent in older ones. */
  kept?: Kept;
  /** Containers this release was taken down from: they belong to it although they carry no label. */
  adopted: string[];
  /** What could not be taken down exactly. */
  notes: string[];
}

export interface Frozen extends Project {
  "x-aplomo": About;
}

export const appLabel = "aplomo.app";
export const releaseLabel = "aplomo.release";
/** The service it is a unit of, where compose knows it by a name of its release. */
export const serviceLabel = "aplomo.service";

/** The release whose mark the units of a service bear. */
export function markOf({ release, kept }: Pick<About, "release" | "kept">, service: string): string {
  return kept?.[service] ?? release;
}

/** What compose may only do before a release exists, or only for the whole of the user's files. */
const droppedAlways = ["build", "pull_policy", "develop", "profiles"];
/** What would make a one-off container look like a unit, to people, proxies and other containers. */
const droppedForJobs = ["ports", "container_name", "restart", "labels", "healthcheck", "deploy", "scale", "links", "depends_on", "logging"];

/** The file from which a release's units are started: images by id, labels, nothing that another service must be there for. */
export function freezeUnits(project: Project, about: About): Frozen {
  const services = about.deployed.map((name) => {
    const service = pinned(project, name, about);
    const depends_on = Object.fromEntries(Object.entries(service.depends_on).filter(([other]) => about.deployed.includes(other)));
    // A link without an alias says no more than the network does: every service is found by its name.
    const links = service.links?.filter((link) => about.deployed.includes(link.split(":")[0] ?? ""));
    const labels = { ...service.labels, [appLabel]: about.app, [releaseLabel]: markOf(about, name) };
    return [name, { ...service, depends_on, ...(links ? { links } : {}), labels }];
  });
  return { ...project, services: Object.fromEntries(services), "x-aplomo": about };
}

/** The file from which one-shot commands run: the same images, environments, mounts and networks, and nothing by which requests would reach them. */
export function freezeJobs(project: Project, about: About): Frozen {
  const services = Object.keys(about.images).map((name) => {
    const service = without(pinned(project, name, about), droppedForJobs);
    const networks = service.networks && !Array.isArray(service.networks) ? { networks: withoutAddresses(service.networks) } : {};
    const labels = { [appLabel]: about.app, [releaseLabel]: about.release };
    // Whatever the units log to, the engine can give a job's output back.
    return [name, { ...service, ...networks, labels, healthcheck: { disable: true }, logging: { driver: "json-file" } }];
  });
  return { ...project, services: Object.fromEntries(services), "x-aplomo": about };
}

/**
 * The file from which one service of a release is started beside those of other releases: under a name of its own, so that compose takes
 * nobody for an earlier form of it, and with addresses on this machine alone. The other services still find it by its usual name.
 */
export function freezeBeside(frozen: Frozen, name: string, ports: readonly number[], inside: number): Project {
  const service = frozen.services[name];
  if (!service) throw new Error(`no service ${name}`);
  const { container_name, ...rest } = without(service, ["depends_on", "links", "scale"]);
  const aliases = [name, ...(container_name === undefined ? [] : [container_name])];
  const given = Array.isArray(service.networks) ? Object.fromEntries(service.networks.map((network) => [network, null])) : service.networks;
  const networks = Object.entries(given ?? { default: null }).map(([network, own]) => {
    const { ipv4_address: _ipv4, ipv6_address: _ipv6, ...kept } = own ?? {};
    return [network, { ...kept, aliases: [...((kept["aliases"] as string[] | undefined) ?? []), ...aliases] }];
  });
  const range = ports.length > 1 ? `${ports[0]}-${ports.at(-1)}` : `${ports[0]}`;
  const beside = {
    ...rest,
    scale: ports.length,
    depends_on: {},
    ...(service["network_mode"] === undefined ? { networks: Object.fromEntries(networks) as Service["networks"] } : {}),
    ports: [`127.0.0.1:${range}:${inside}`],
    labels: { ...unrouted(service.labels), [serviceLabel]: name },
  };
  return { ...frozen, services: { [besideName(name, frozen["x-aplomo"].release)]: beside as Service } };
}

/** Without what has a Traefik send requests there by itself, before the edge points to it and after it has left. */
function unrouted(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith("traefik.")));
}

export function besideName(service: string, release: string): string {
  return `${service}-${release}`;
}

function pinned(project: Project, name: string, about: About): Service {
  const service = project.services[name];
  const image = about.images[name]?.id;
  if (!service || !image) throw new Error(`service ${name} has no image`);
  return { ...without(service, droppedAlways), image };
}

function without(service: Service, keys: readonly string[]): Service {
  return Object.fromEntries(Object.entries(service).filter(([key]) => !keys.includes(key))) as Service;
}

/** Fixed addresses belong to the units that run. */
function withoutAddresses(networks: Record<string, Record<string, unknown> | null>): Record<string, null> {
  return Object.fromEntries(Object.keys(networks).map((name) => [name, null]));
}

/** Keeps a release's image although every other name of it is gone; a valid image name whatever the service's. */
export function tagOf(app: string, service: string, release: string): string {
  const plain = /^[a-z0-9]+([._-][a-z0-9]+)*$/.test(service);
  return `aplomo.local/${app}/${plain ? service : `x${Buffer.from(service).toString("hex")}`}:${release}`;
}
