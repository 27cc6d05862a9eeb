import type { Rule } from "../rule.ts";

export const deploymentUnfinished: Rule = {
  id: "deployment-unfinished",
  title: "a deployment was interrupted, or waits for a person's decision",
  why: "Aplomo was killed, the machine went down, or going back would lose rows and nobody has decided: what is in front may be neither release as it was meant.",
  next: "`aplomo recover` finishes or undoes it; `aplomo recover --data keep|restore` when it asks what to do with rows written since.",
  needs: ["deployments"],
  check: ({ deployments }) => {
    const left = deployments?.unfinished;
    if (!left || deployments.running) return [];
    const dead = deployments.deadOwner;
    return [
      {
        subject: left.id,
        message: left.outcome === "stuck" ? "it is stuck: a person must decide" : "it was interrupted",
        evidence: [
          ...(left.step ? [`at step ${left.step}`] : []),
          ...(dead ? [`process ${dead.pid}, ${dead.operation} since ${dead.since}, is dead`] : []),
        ],
      },
    ];
  },
};
