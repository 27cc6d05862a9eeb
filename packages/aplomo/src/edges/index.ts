import type { Context } from "../host/context.ts";
import { openCaddy } from "./caddy/caddy.ts";
import type { Edge, Site } from "./contract.ts";
import { openKamalProxy } from "./kamal-proxy/kamal-proxy.ts";
import { openNginx, type NginxOptions } from "./nginx/nginx.ts";
import { none } from "./none/none.ts";
import type { RunBy } from "./run/runner.ts";
import type { TraefikOptions } from "./traefik/dynamic.ts";
import { openTraefik } from "./traefik/traefik.ts";

/** What `edge` of aplomo.yml comes to, paths absolute. */
export type EdgeChoice =
  | { kind: "caddy" | "kamal-proxy"; run: RunBy; ports: { http: number; https: number } }
  | ({ kind: "nginx" } & NginxOptions)
  | ({ kind: "traefik" } & TraefikOptions)
  | { kind: "none" };

/** The edge in front of an application. Nothing is reached before a method is called. */
export function openEdge(ctx: Context, site: Site, choice: EdgeChoice): Edge {
  switch (choice.kind) {
    case "caddy":
      return openCaddy(ctx, site, choice);
    case "kamal-proxy":
      return openKamalProxy(ctx, site, choice);
    case "nginx":
      return openNginx(ctx, site, choice);
    case "traefik":
      return openTraefik(ctx, site, choice);
    case "none":
      return none;
  }
}
