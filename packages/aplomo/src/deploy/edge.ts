import { resolve } from "node:path";
import type { Evidence } from "../base/events.ts";
import type { Config } from "../config/config.ts";
import { sitesOf } from "../config/sites.ts";
import type { Settings } from "../config/schema.ts";
import type { Edge, Site, Upstream } from "../edges/contract.ts";
import type { EdgeChoice } from "../edges/index.ts";
import { none } from "../edges/none/none.ts";
import { addressOf } from "../edges/upstreams.ts";
import type { Context } from "../host/context.ts";
import { get, type Answer } from "../host/http.ts";
import type { ReleaseFolder, Target, Unit } from "../targets/contract.ts";
import type { Work } from "./step.ts";

/** What `edge` of aplomo.yml says stands in front; what it gives back opens it for any context. */
export async function loadEdge(config: Config): Promise<(ctx: Context) => Edge> {
  const choice = choiceOf(config);
  if (choice.kind === "none") return () => none;
  const { openEdge } = await import("../edges/index.ts");
  const main = siteOf(config);
  const others = Object.entries(sitesOf(config.settings));
  if (others.length === 0) return (ctx) => openEdge(ctx, main, choice);
  const { several } = await import("../edges/several.ts");
  const named = others.map(([service, { hosts, path, health = null }]) => {
    return [service, { ...main, app: `${main.app}.${service}`, hosts, path, health }] as const;
  });
  return (ctx) => several(openEdge(ctx, main, choice), new Map(named.map(([service, site]) => [service, openEdge(ctx, site, choice)])));
}

function siteOf({ directory, settings }: Config): Site {
  const { edge, app, health } = settings;
  const certificate = "certificate" in edge && edge.certificate ? edge.certificate : null;
  return {
    app,
    hosts: "hosts" in edge ? edge.hosts : [],
    path: "path" in edge ? edge.path : "/",
    https: "https" in edge && edge.https,
    certificate: certificate && { file: resolve(directory, certificate.file), key: resolve(directory, certificate.key) },
    health: health.path ?? null,
    drain: "drain" in edge ? edge.drain : 0,
  };
}

function choiceOf({ directory, settings }: Config): EdgeChoice {
  const { edge } = settings;
  switch (edge.kind) {
    case "caddy":
    case "kamal-proxy": {
      const { program, image, network } = edge;
      const run = image === undefined ? { program } : { program, image, ...(network === undefined ? {} : { network }) };
      return { kind: edge.kind, run, ports: edge.ports };
    }
    case "nginx": {
      const config = edge.config === undefined ? undefined : resolve(directory, edge.config);
      return { kind: "nginx", file: resolve(directory, edge.file), upstream: edge.upstream, program: edge.program, config };
    }
    case "traefik": {
      const { url, resolver, entrypoints } = edge;
      return { kind: "traefik", directory: resolve(directory, edge.directory), entryPoints: entrypoints, url, resolver };
    }
    case "none":
      return { kind: "none" };
  }
}

/** Where requests for a release go: its units that run behind the edge, which are never kept. Processes that share a port are one address. */
export async function upstreamsOf(target: Target, release: ReleaseFolder): Promise<Upstream[]> {
  const found = new Map<string, Upstream>();
  for (const unit of await target.units()) {
    const upstream = unit.overlay?.shared ?? unit.address;
    if (unit.release !== release.id || unit.front !== true || unit.state !== "running" || upstream === null) continue;
    found.set(addressOf(upstream), { ...upstream, service: unit.service });
  }
  return [...found.values()];
}

/** In this order: no new request gets through, and those under way end; only then may the units. Without a limit nothing holds them. */
export async function holdRequests(
  work: Pick<Work, "edge" | "target">,
  previous: ReleaseFolder,
  limit: number | undefined,
): Promise<Evidence> {
  if (limit === undefined) return {};
  const evidence = await work.edge.hold(limit);
  return { ...evidence, drained: { ...(await work.edge.drain(await upstreamsOf(work.target, previous))) } };
}

/** How a unit is asked: from this machine or, where only the edge reaches it, by way of that; undefined: nobody here can. */
export function wayTo(unit: Unit, edge: Edge): { name: string; ask: (path: string, timeout: number) => Promise<Answer> } | undefined {
  const { address, overlay } = unit;
  if (address) return { name: addressOf(address), ask: (path, timeout) => get(`http://${addressOf(address)}${path}`, timeout) };
  const ask = edge.ask?.bind(edge);
  return overlay && ask ? { name: addressOf(overlay.own), ask: (path, timeout) => ask(overlay.own, path, timeout) } : undefined;
}

/** What a unit's own health is asked at; undefined: nobody says. */
export function healthPathOf({ edge, health }: Settings, { service }: Pick<Unit, "service">): string | undefined {
  const other = sitesOf({ edge })[service];
  if (other) return other.health;
  return health.service === undefined || health.service === service ? health.path : undefined;
}

/** Where the edge is asked for the application's health from this machine, and under which names; empty where only its owner knows. */
export function doorsOf({ edge, health }: Settings): { url: string; host: string | undefined }[] {
  if (edge.kind === "none" || edge.kind === "nginx") return [];
  const scheme = edge.https ? "https" : "http";
  const at = edge.kind === "traefik" ? edge.url : `${scheme}://127.0.0.1:${edge.ports[scheme]}`;
  const all = [{ hosts: edge.hosts, path: edge.path, health: health.path }, ...Object.values(sitesOf({ edge }))];
  return all.flatMap(({ hosts, path, health: asked }) =>
    asked?.startsWith(path.replace(/\/*$/, "/")) ? [{ url: new URL(asked, at).href, host: hosts[0] }] : [],
  );
}
