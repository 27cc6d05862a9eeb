import { join } from "node:path";
import type { Json } from "../../base/events.ts";
import type { Site } from "../contract.ts";
import type { Ports } from "../ports.ts";

/** Caddy's configuration is pure: the same sites give the same configuration. What changes at a switch is not in it, but in `pointer.ts`. */
export type CaddyConfig = Record<string, Json>;

/** Where a Caddy that Aplomo runs keeps everything: one for all applications of a server. */
export interface CaddyFolder {
  path: string;
  config: string;
  /** Sockets that only their owner can open. */
  admin: string;
  probe: string;
  sites: string;
}

export function caddyFolder(path: string): CaddyFolder {
  const at = (name: string): string => join(path, name);
  return { path, config: at("caddy.json"), admin: at("admin.sock"), probe: at("probe.sock"), sites: at("sites") };
}

/**
 * As many upstreams stand in the configuration, each a file that is read at every request: units fill them in turn. A number that
 * two, three, four, six and eight units share evenly.
 */
export const slots = 24;

/** How long a held request waits at most. */
export const longestHold = 300_000;

export const upstreamHeader = "Aplomo-Upstream";

/** Where a site's present pointer is: `pointer.ts` puts another folder in this name's place. */
export function pointerOf(folder: CaddyFolder, app: string): string {
  return join(folder.sites, app, "now");
}

export function caddyConfig(folder: CaddyFolder, ports: Ports, sites: readonly Site[]): CaddyConfig {
  const inOrder = sites.toSorted(bySpecificity);
  const secure = inOrder.filter(({ https }) => https);
  const plain = inOrder.filter(({ https }) => !https);
  const pairs = secure.flatMap(({ certificate }) => (certificate ? [{ certificate: certificate.file, key: certificate.key }] : []));
  return {
    admin: { listen: `unix/${folder.admin}|0600`, config: { persist: false } },
    logging: { logs: { default: { level: "WARN" } } },
    storage: { module: "file_system", root: join(folder.path, "data") },
    apps: {
      http: {
        http_port: ports.http,
        https_port: ports.https,
        servers: {
          ...(secure.length > 0 ? { secure: secureServer(folder, ports, secure) } : {}),
          ...(plain.length > 0
            ? { plain: { listen: [`:${ports.http}`], ...shared, ...routes(folder, plain), automatic_https: { disable: true } } }
            : {}),
          probe: { listen: [`unix/${folder.probe}|0600`], routes: probeRoutes(folder, inOrder), automatic_https: { disable: true } },
        },
      },
      ...(pairs.length > 0 ? { tls: { certificates: { load_files: pairs } } } : {}),
    },
  };
}

// A proxy on this machine may stand before it; nobody else is believed who a request is from.
const shared = { trusted_proxies: { source: "static", ranges: ["127.0.0.0/8", "::1/128"] } };

function secureServer(folder: CaddyFolder, ports: Ports, sites: readonly Site[]): Json {
  const own = sites.flatMap(({ certificate, hosts }) => (certificate ? hosts : []));
  return {
    listen: [`:${ports.https}`],
    ...shared,
    ...routes(folder, sites),
    ...(own.length > 0 ? { automatic_https: { skip_certificates: own } } : {}),
  };
}

/** Hosts before none, long paths before short ones. */
function bySpecificity(one: Site, other: Site): number {
  return (
    Number(other.hosts.length > 0) - Number(one.hosts.length > 0) || other.path.length - one.path.length || (one.app < other.app ? -1 : 1)
  );
}

/**
 * An application that does not answer is asked for two seconds, which is a supervisor's restart. Only then it matters whether requests are
 * held: so nothing is lost between looking and asking, however the two fall. What was connected once is never sent again from here.
 */
function routes(folder: CaddyFolder, sites: readonly Site[]): Record<string, Json> {
  return {
    routes: sites.map((site) => ({ match: [match(site)], handle: [proxy(folder, site, 2_000)], terminal: true })),
    errors: {
      routes: sites.flatMap((site) => [
        {
          match: [{ ...match(site), ...unconnected, vars: isHeld(folder, site) }],
          handle: [proxy(folder, site, longestHold)],
          terminal: true,
        },
        // Held a moment ago, and no longer.
        { match: [{ ...match(site), ...unconnected }], handle: [proxy(folder, site, 500)], terminal: true },
      ]),
    },
  };
}

const unconnected = { vars_regexp: { "{http.error.message}": { pattern: "^dial " } } };

function isHeld(folder: CaddyFolder, { app }: Site): Json {
  return { [`{file.${join(pointerOf(folder, app), "state")}}`]: ["hold"] };
}

function match({ hosts, path }: Site): { [name: string]: Json } {
  const base = path.replace(/\/+$/, "");
  return { ...(hosts.length > 0 ? { host: [...hosts] } : {}), ...(base === "" ? {} : { path: [base, `${base}/*`] }) };
}

function proxy(folder: CaddyFolder, { app }: Site, tryFor: number): Json {
  return {
    handler: "reverse_proxy",
    upstreams: Array.from({ length: slots }, (_, slot) => ({ dial: `{file.${join(pointerOf(folder, app), String(slot))}}` })),
    load_balancing: { selection_policy: { policy: "round_robin" }, try_duration: `${tryFor}ms`, try_interval: "100ms" },
    // Node closes connections that were idle for 5 s: let them go before, or a request may be on its way when that happens.
    transport: { protocol: "http", keep_alive: { idle_timeout: "4s" } },
    // WebSockets outlive a change of the configuration, which happens when an application comes, goes or changes its hosts.
    stream_close_delay: "24h",
  };
}

/** For Aplomo alone: what Caddy reads where a site points, and the way to an upstream before it is pointed at. */
function probeRoutes(folder: CaddyFolder, sites: readonly Site[]): Json[] {
  return [
    ...sites.map(({ app }) => ({
      match: [{ path: [`/pointing/${app}`] }],
      handle: [{ handler: "static_response", body: `{file.${join(pointerOf(folder, app), "pointing.json")}}` }],
      terminal: true,
    })),
    {
      match: [{ header: { [upstreamHeader]: ["*"] } }],
      handle: [
        {
          handler: "reverse_proxy",
          upstreams: [{ dial: `{http.request.header.${upstreamHeader}}` }],
          headers: { request: { delete: [upstreamHeader] } },
          transport: { protocol: "http", keep_alive: { enabled: false } },
        },
      ],
    },
  ];
}
