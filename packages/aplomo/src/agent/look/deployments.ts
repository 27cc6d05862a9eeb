import { unfinishedDeployment } from "../../deploy/deployments.ts";
import type { Session } from "../../deploy/session.ts";
import { lockHolder } from "../../host/lock.ts";
import type { Part } from "../look.ts";

/** A deployment that a crash left, or that waits for a person. */
export async function lookAtDeployments({ paths }: Session): Promise<Part> {
  // Asked first: one that ends between the two questions has ended well.
  const holder = await lockHolder(paths.lock);
  const left = holder ? undefined : await unfinishedDeployment(paths);
  if (!left) return { signals: [] };
  const stuck = left.entries.some((entry) => entry.type === "deployment.finished");
  return {
    signals: [
      {
        key: `deployment:${left.id}`,
        level: "error",
        subject: left.id,
        message: stuck ? "it is stuck: a person is needed" : "it was interrupted, and neither finished nor undone",
        next: `\`aplomo report ${left.id}\` says what happened; \`aplomo recover\` finishes or undoes it.`,
        evidence: [],
      },
    ],
  };
}
