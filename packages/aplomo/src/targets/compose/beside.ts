import { AplomoError } from "../../base/errors.ts";
import type { Evidence } from "../../base/events.ts";
import type { Settings } from "../../config/schema.ts";
import { sitesOf } from "../../config/sites.ts";
import { composeUp } from "../../host/compose.ts";
import { removeContainers, startContainers } from "../../host/docker.ts";
import { writeFileSafely } from "../../host/files.ts";
import type { ReleaseFolder } from "../contract.ts";
import { ownPorts } from "../own-ports.ts";
import { healthPort } from "./address.ts";
import { change, frozenProject, settleCalls, type ComposeApp } from "./app.ts";
import { containersOf, isActive, nameOf, serviceOf, type Container } from "./containers.ts";
import { besideName, freezeBeside, type Frozen } from "./freeze.ts";
import { findImage, type Image } from "./images.ts";
import { scaleOf, writeProject, type Service } from "./model.ts";
import { layout, readFrozen } from "./release.ts";
import { belongs, valuesOf } from "./switch.ts";

/**
 * The containers of the services that are behind the edge run beside whatever runs. Nobody else's is touched: they are made under
 * service names of the release, and have ports of this machine's loopback, which they keep when the engine starts them again.
 */
export async function startBeside(app: ComposeApp, release: ReleaseFolder): Promise<Evidence> {
  await settleCalls(app);
  const frozen = await readFrozen(release);
  const fronts = frontServices(app.settings, frozen["x-aplomo"].deployed);
  if (fronts.length === 0) throw noFront(release.id, Object.keys(frozen.services));
  const started: string[] = [];
  for (const front of fronts) started.push(...(await startOne(app, release, frozen, front)));
  return { services: fronts, started };
}

async function startOne(app: ComposeApp, release: ReleaseFolder, frozen: Frozen, front: string): Promise<string[]> {
  const service = frozen.services[front];
  if (!service) throw noFront(release.id, Object.keys(frozen.services));
  const all = await containersOf(app);
  const own = all.filter((container) => serviceOf(container) === front && belongs(container, release, frozen, app.name));
  const unborn = own.filter(({ State }) => State.Status === "created");
  const purpose = { operation: "start", subject: `${front} of ${release.id}`, values: valuesOf(frozen) };
  if (own.length === scaleOf(service) && unborn.length === 0) {
    const resting = own.filter((container) => !isActive(container)).map(({ Id }) => Id);
    if (resting.length > 0) await change(app, startContainers(resting), purpose);
    return own.map(nameOf);
  }
  if (unborn.length > 0) await change(app, removeContainers(unborn.map(({ Id }) => Id)), { ...purpose, operation: "clear" });
  const file = layout(release).beside(front);
  // Those that are there keep the ports they have.
  if (own.length === unborn.length) {
    const inside = portInside(app.settings, front, service, await findImage(app, frozen["x-aplomo"].images[front]?.id ?? ""));
    if (inside === undefined) throw noPort(front);
    const ports = await ownPorts(app.name, scaleOf(service), new Set(all.flatMap(boundPorts)));
    await writeFileSafely(file, writeProject(freezeBeside(frozen, front, ports, inside)));
  }
  await change(app, composeUp(await frozenProject(app, file), [besideName(front, release.id)], { keep: false }), purpose);
  const now = await containersOf(app);
  return now.filter((container) => serviceOf(container) === front && belongs(container, release, frozen, app.name)).map(nameOf);
}

/** The services that are behind the edge; empty when nobody says which of several is the main one. */
export function frontServices(settings: Settings, deployed: readonly string[]): string[] {
  const others = Object.keys(sitesOf(settings));
  const left = deployed.filter((name) => !others.includes(name));
  const named = ("service" in settings.edge ? settings.edge.service : undefined) ?? settings.health.service;
  const main = named ?? (left.length === 1 ? left[0] : undefined);
  return main === undefined ? [] : [main, ...others];
}

/** Pure: why the service cannot be run beside itself, each with its next act. */
export function besideRefusals(
  settings: Settings,
  deployed: readonly string[],
  services: Record<string, Service>,
  images: Map<string, Image>,
): { message: string; hint: string }[] {
  if (settings.edge.kind === "none") return [];
  const fronts = frontServices(settings, deployed);
  if (fronts.length === 0) {
    return [
      { message: "nothing says which service the edge stands in front of", hint: `Set edge.service to one of ${deployed.join(", ")}.` },
    ];
  }
  return fronts.flatMap((front) => refusalsOf(settings, front, services[front], images.get(front), deployed));
}

function refusalsOf(
  settings: Settings,
  front: string,
  service: Service | undefined,
  image: Image | undefined,
  deployed: readonly string[],
): { message: string; hint: string }[] {
  if (!service) {
    const hint = `Name one of ${deployed.join(", ")}, as edge.service or under edge.sites.`;
    return [{ message: `the edge is to stand in front of ${front}, which is not deployed`, hint }];
  }
  const found: { message: string; hint: string }[] = [];
  const mode = service["network_mode"];
  if (typeof mode === "string" && mode !== "bridge") {
    const message = `${front} has network_mode ${mode}, in which two releases cannot have the same port`;
    found.push({ message, hint: "Remove network_mode, or use `edge: { kind: none }`." });
  }
  const inside = portInside(settings, front, service, image);
  if (inside === undefined) {
    const { cause, hint = "" } = noPort(front);
    found.push({ message: `${front}: ${String(cause)}`, hint });
  }
  const others = publishedPorts(service).filter((port) => port !== inside);
  if (others.length > 0) {
    const message = `${front} publishes ${others.join(", ")} besides the port that the edge stands in front of: two releases cannot both have it`;
    found.push({ message, hint: "Publish it from a service of its own, or use `edge: { kind: none }`." });
  }
  return found;
}

/** `health.port`; else the one port that is published, else the one that the image exposes. */
function portInside(settings: Settings, front: string, service: Service, image: Image | undefined): number | undefined {
  const asked = healthPort(settings, front);
  if (asked !== undefined) return asked;
  const published = publishedPorts(service);
  if (published.length === 1) return published[0];
  const exposed = Object.keys(image?.Config?.ExposedPorts ?? {}).filter((name) => name.endsWith("/tcp"));
  return exposed.length === 1 ? Number.parseInt(exposed[0] ?? "", 10) : undefined;
}

/** TCP ports inside the container that the files publish. */
function publishedPorts(service: Service): number[] {
  return (service.ports ?? []).flatMap((port) => {
    if (typeof port !== "string") return (port.protocol ?? "tcp") === "tcp" ? [port.target] : [];
    const [path = "", protocol = "tcp"] = port.split("/");
    return protocol === "tcp" ? [Number(path.split(":").at(-1))] : [];
  });
}

/** Ports of this machine that a container has, or will have when it is started again. */
function boundPorts({ HostConfig, NetworkSettings }: Container): number[] {
  const all = [...Object.values(HostConfig.PortBindings ?? {}), ...Object.values(NetworkSettings.Ports ?? {})];
  return all.flatMap((bindings) =>
    (bindings ?? []).flatMap(({ HostPort }) => {
      const [from = 0, to = from] = HostPort.split("-").map(Number);
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    }),
  );
}

function noFront(release: string, services: readonly string[]): AplomoError {
  return new AplomoError({
    operation: "start beside the others",
    subject: release,
    cause: `nothing says which of ${services.join(", ")} is behind the edge`,
    hint: "Set edge.service.",
  });
}

function noPort(service: string): AplomoError {
  return new AplomoError({
    operation: "put the edge in front of",
    subject: service,
    cause: "nothing says which of its ports answers requests",
    hint: "Set health.port, or the port of its site.",
  });
}
