import { nearest } from "./nearest.ts";
import { found, list, mapping, tell } from "./tell.ts";
import type { Tree } from "./tree.ts";

/** A target that is one thing, and not several services. */
export function isOther(kind: unknown): kind is "pm2" | "swarm" {
  return kind === "pm2" || kind === "swarm";
}

/** What stands in front, and what runs behind it. */
export function checkEdge(tree: Tree, kind: unknown): void {
  const edge = mapping(tree, ["edge"]);
  checkNetwork(tree, kind, edge);
  const hosts = list(tree, ["edge", "hosts"]);
  if (edge["https"] === true && hosts.length === 0 && !("certificate" in edge))
    tell(tree, ["edge", "https"], "needs host names: a certificate is made out to them", "Add `hosts: [example.com]`", "key");
  if ("certificate" in edge && edge["https"] !== true)
    tell(tree, ["edge", "certificate"], "is for HTTPS, which is off", "Add `https: true`", "key");
  checkSites(tree, kind, edge);
  if (!("service" in edge)) return;
  const service = edge["service"];
  if (isOther(kind))
    return tell(
      tree,
      ["edge", "service"],
      `is for compose, and the target is ${kind}`,
      "Remove it: all processes are behind the edge",
      "key",
    );
  const replaced = list(tree, ["target", "services"]);
  if (typeof service !== "string" || replaced.length === 0 || replaced.includes(service)) return;
  const near = nearest(service, replaced.map(String));
  const hint = near === undefined ? "Name one of them, or add it there" : `Did you mean ${near}?`;
  tell(tree, ["edge", "service"], `is ${found(tree, ["edge", "service"])}, which is not among target.services`, hint);
}

function checkSites(tree: Tree, kind: unknown, edge: Record<string, unknown>): void {
  const path = ["edge", "sites"];
  const names = Object.keys(mapping(tree, path));
  if (names.length > 0 && isOther(kind))
    return tell(tree, path, `are for compose, and the target is ${kind}`, "Remove them: one thing is behind the edge", "key");
  const replaced = list(tree, ["target", "services"]);
  for (const name of names) {
    const at = [...path, name];
    const { hosts, path: below = "/" } = mapping(tree, at);
    if (name === edge["service"]) tell(tree, at, "is edge.service already", "Put its hosts next to edge.service", "key");
    if (hosts === undefined && below === "/")
      tell(tree, at, "has neither hosts nor a path of its own", "Add `hosts: [api.example.com]` or `path: /api`", "key");
    if (replaced.length > 0 && !replaced.includes(name))
      tell(tree, at, "is not among target.services", "Add it there, or remove the site", "key");
  }
}

/** Tasks are reached from within their network alone. */
function checkNetwork(tree: Tree, kind: unknown, edge: Record<string, unknown>): void {
  if (kind !== "swarm") {
    if ("network" in edge && typeof kind === "string")
      tell(tree, ["edge", "network"], `is for a swarm, and the target is ${kind}`, "Remove it: the edge is in the host's", "key");
    return;
  }
  if (!("kind" in edge) || edge["kind"] === "none") return;
  if (edge["kind"] !== "caddy") {
    const hint = "Write `kind: caddy`, with `image` and `network`; or remove edge, and what the panel has in front stays";
    return tell(tree, ["edge", "kind"], `is ${found(tree, ["edge", "kind"])}, which does not reach the tasks of a swarm`, hint);
  }
  if (!("network" in edge))
    tell(tree, ["edge", "network"], "is missing: the edge reaches the tasks in their network", "Name the service's overlay network");
  if (!("image" in edge))
    tell(tree, ["edge", "image"], "is missing: only a container can be in the tasks' network", "Add `image: caddy:2.11`");
  if (!("port" in mapping(tree, ["health"])))
    tell(tree, ["health", "port"], "is missing: the edge goes to it", "Add the port inside the container");
}
