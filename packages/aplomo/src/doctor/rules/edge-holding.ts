import type { Rule } from "../rule.ts";

export const edgeHolding: Rule = {
  id: "edge-holding",
  title: "requests are held, and no deployment runs",
  why: "A deployment that changed data was killed while requests waited at the edge: they wait on, then fail.",
  next: "`aplomo recover`: it finishes or undoes what was begun and lets the requests go on.",
  needs: ["front", "deployments"],
  check: ({ front, deployments }) =>
    front?.edge?.holding && !deployments?.running
      ? [{ subject: front.edge.kind, message: "it lets every request wait", evidence: [] }]
      : [],
};
