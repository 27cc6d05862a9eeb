import type { Rule } from "../rule.ts";

export const edgeDown: Rule = {
  id: "edge-down",
  title: "the edge does not run, or cannot be used",
  why: "Nothing takes the requests: it was stopped, its port was taken by another program, or its own configuration is refused.",
  next: "`aplomo deploy` starts an edge that Aplomo runs; start nginx or Traefik as you usually do.",
  needs: ["front"],
  check: ({ front }) => {
    const { edge } = front ?? {};
    if (!edge) return [];
    const refused = edge.refusals.map(({ message, hint }) => ({ subject: edge.kind, message, evidence: [], next: hint }));
    if (refused.length > 0 || edge.running) return refused;
    return [{ subject: edge.kind, message: "it does not run", evidence: [] }];
  },
};
