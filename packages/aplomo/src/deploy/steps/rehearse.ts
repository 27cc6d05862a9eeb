import { rehearse, tidyUp } from "../rehearsal/rehearse.ts";
import { rehearsalStep } from "../rehearsal/verdict.ts";
import type { Facts } from "../facts.ts";
import type { Step } from "../step.ts";

/** Before production is touched the release meets its data: a copy of it, of this very hour. */
export function rehearsal({ release, previous, change }: Facts): Step {
  const changes = change === "migrate" ? "change the data there, " : "";
  return {
    id: rehearsalStep,
    phase: "rehearse",
    title: `rehearse on a restored copy: ${changes}boot ${release.id}${previous ? `, then ${previous.id} again` : ""}`,
    run: rehearse,
    undoTitle: "remove what the rehearsal made",
    async undo(work) {
      await tidyUp(work);
      return {};
    },
  };
}
