import type { Settings } from "../../config/schema.ts";
import { sitesOf } from "../../config/sites.ts";
import type { Unit } from "../contract.ts";
import { engineSecurity } from "../../host/docker.ts";
import type { ComposeApp } from "./app.ts";
import { serviceLabel } from "./freeze.ts";
import { label, serviceOf, type Container, type PortBinding } from "./containers.ts";

/** Whether a container's own address is reached from here: only on Linux, and not with an engine that has a network of its own. */
export async function reachesContainers(app: ComposeApp): Promise<boolean> {
  const remote = /^(tcp|ssh|npipe):/.test(process.env["DOCKER_HOST"] ?? "");
  if (process.platform !== "linux" || remote) return false;
  return app.once("whether container addresses are reached", async () => {
    const result = await app.ctx.host.attempt(engineSecurity());
    return result.code === 0 && !result.stdout.includes("rootless");
  });
}

/** Where a unit answers: at its own address, else at the port it publishes here. Null when nobody says which port it is. */
export function addressOf(app: Pick<ComposeApp, "settings">, container: Container, direct: boolean): Unit["address"] {
  if (container.State.Status !== "running") return null;
  const port = portOf(app, container);
  if (port === undefined) return null;
  if (container.HostConfig.NetworkMode === "host") return { host: "127.0.0.1", port };
  const published = (container.NetworkSettings.Ports?.[`${port}/tcp`] ?? []).find(({ HostPort }) => HostPort);
  // Its own port of this machine stays when the engine starts it again; its address may not.
  const isBeside = label(container, serviceLabel) !== undefined && published !== undefined;
  const ip = Object.values(container.NetworkSettings.Networks ?? {}).find(({ IPAddress }) => IPAddress)?.IPAddress;
  if (direct && ip && !isBeside) return { host: ip, port };
  return published ? { host: loopback(published), port: Number(published.HostPort) } : null;
}

function loopback({ HostIp }: PortBinding): string {
  if (HostIp === "" || HostIp === "0.0.0.0") return "127.0.0.1";
  return HostIp === "::" ? "::1" : HostIp;
}

/** The port inside that the settings name for a service. */
export function healthPort({ edge, health }: Settings, name: string): number | undefined {
  const other = sitesOf({ edge })[name];
  if (other) return other.port;
  return health.service === undefined || health.service === name ? health.port : undefined;
}

/** What the settings name; else the one port that is exposed, or published. */
export function portOf({ settings }: Pick<ComposeApp, "settings">, container: Container): number | undefined {
  const asked = healthPort(settings, serviceOf(container));
  if (asked !== undefined) return asked;
  const tcp = (ports: Record<string, unknown> | null | undefined): number[] =>
    // Compose writes what `expose` names without its protocol.
    Object.keys(ports ?? {}).flatMap((name) => (/^\d+(\/tcp)?$/.test(name) ? [Number.parseInt(name, 10)] : []));
  // What is published is exposed too: an image may expose more than anybody asks for.
  const published = tcp(container.HostConfig.PortBindings);
  const exposed = tcp(container.Config.ExposedPorts);
  if (published.length === 1) return published[0];
  return exposed.length === 1 ? exposed[0] : undefined;
}
