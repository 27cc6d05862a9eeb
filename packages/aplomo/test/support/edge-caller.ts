/**
 * Aplomo as an edge sees it, to be killed: `node edge-caller.js JSON`, where JSON is `{ home, site, choice, calls }`. Makes the calls one
 * after the other and writes a line after each; with `after: "stay"` it stays until it is ended.
 */
import type { Site, Upstream } from "../../src/edges/contract.ts";
import { openEdge, type EdgeChoice } from "../../src/edges/index.ts";
import { local } from "../../src/host/local.ts";

export type EdgeCall =
  | { call: "ensure" }
  | { call: "resume" }
  | { call: "hold"; limit: number }
  | { call: "point"; upstreams: Upstream[] }
  | { call: "drain"; upstreams: Upstream[] };

export interface EdgeErrand {
  home: string;
  site: Site;
  choice: EdgeChoice;
  calls: EdgeCall[];
  after?: "stay";
}

const { home, site, choice, calls, after } = JSON.parse(String(process.argv[2])) as EdgeErrand;
const ctx = { host: local, emit: () => {}, signal: new AbortController().signal, home, now: () => new Date() };
const edge = openEdge(ctx, site, choice);
console.log("ready");
for (const one of calls) {
  if (one.call === "ensure") await edge.ensure();
  else if (one.call === "resume") await edge.resume();
  else if (one.call === "hold") await edge.hold(one.limit);
  else if (one.call === "point") await edge.point(one.upstreams);
  else await edge.drain(one.upstreams);
  console.log(one.call);
}
if (after === "stay") setInterval(() => {}, 1_000);
