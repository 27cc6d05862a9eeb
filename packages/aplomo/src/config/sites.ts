import type { EdgeSettings, Settings } from "./schema.ts";

/** Services behind the edge besides the main one, by their names. */
export function sitesOf({ edge }: Pick<Settings, "edge">): Extract<EdgeSettings, { kind: "caddy" }>["sites"] {
  return "sites" in edge ? edge.sites : {};
}
