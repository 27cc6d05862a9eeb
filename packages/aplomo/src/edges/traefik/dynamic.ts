import type { Json } from "../../base/events.ts";
import type { Site, Upstream } from "../contract.ts";
import { addressOf } from "../upstreams.ts";

export interface TraefikOptions {
  /** Absolute: the folder Traefik's file provider watches. */
  directory: string;
  /** Names of its entry points. */
  entryPoints: readonly string[];
  /** Where its entry point is reached from this machine: `http://127.0.0.1:80`. */
  url: string;
  /** The certificate resolver of its own configuration, when the site is served over HTTPS. */
  resolver?: string | undefined;
}

/** Asked through the entry point, it answers with the number of the file that Traefik has read, whatever the application does. */
export const markerPath = "/.well-known/aplomo/";

/** A file for Traefik's file provider. Everything in it carries the application's name, so that two never meet. */
export function dynamicFile(site: Site, upstreams: readonly Upstream[], options: TraefikOptions, mark: string): Json {
  const name = `aplomo-${site.app}`;
  const tls = site.https ? { tls: options.resolver === undefined ? {} : { certResolver: options.resolver } } : {};
  const common = { entryPoints: [...options.entryPoints], ...tls };
  return {
    http: {
      routers: {
        // Traefik counts a rule's length as its priority: one more wins against the same rule in labels of a container that Aplomo found running.
        [name]: { ...common, rule: rule(site), service: name, priority: rule(site).length + 1 },
        [`${name}-mark`]: { ...common, rule: markRule(site), service: "noop@internal", middlewares: [`${name}-mark`], priority: 1_000_000 },
      },
      services: {
        [name]: {
          loadBalancer: { servers: upstreams.map((upstream) => ({ url: `http://${addressOf(upstream)}` })), passHostHeader: true },
        },
      },
      middlewares: {
        [`${name}-mark`]: { redirectRegex: { regex: ".*", replacement: `${markerPath}${site.app}/${mark}` } },
      },
    },
  };
}

function rule({ hosts, path }: Site): string {
  const base = path.replace(/\/+$/, "");
  const names = hosts.map((host) => `Host(\`${host}\`)`).join(" || ");
  const below = base === "" ? (hosts.length === 0 ? "PathPrefix(`/`)" : "") : `(Path(\`${base}\`) || PathPrefix(\`${base}/\`))`;
  return [names === "" ? "" : `(${names})`, below].filter(Boolean).join(" && ");
}

function markRule({ hosts, app }: Site): string {
  const [host] = hosts;
  const path = `Path(\`${markerPath}${app}\`)`;
  return host === undefined ? path : `Host(\`${host}\`) && ${path}`;
}
