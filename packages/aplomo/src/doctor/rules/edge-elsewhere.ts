import type { Rule } from "../rule.ts";

export const edgeElsewhere: Rule = {
  id: "edge-elsewhere",
  title: "the edge points at something else than the release in front",
  why: "Somebody changed it by hand, or units were started anew and have other addresses now: requests get 502, or the old release.",
  next: "`aplomo deploy` or `aplomo rollback`: both begin by pointing it at what is meant.",
  needs: ["units", "front"],
  check: ({ front }) => {
    const { edge } = front ?? {};
    if (!edge?.running || edge.meant.length === 0 || edge.upstreams === null) return [];
    const same = edge.upstreams.toSorted().join() === edge.meant.toSorted().join();
    return same
      ? []
      : [
          {
            subject: edge.kind,
            message: "it sends requests elsewhere",
            evidence: [`it points at ${edge.upstreams.join(", ") || "nothing"}`, `the release in front is at ${edge.meant.join(", ")}`],
          },
        ];
  },
};
