import { StuckError } from "../../base/errors.ts";
import type { Evidence } from "../../base/events.ts";
import type { ReleaseFolder } from "../../targets/contract.ts";
import { switchTime, type Facts } from "../facts.ts";
import { awaitHealthy, problemOf } from "../gates/health.ts";
import type { Step, Work } from "../step.ts";
import { mayServeOn, servesOn } from "../way.ts";

/** One unit of the new release is booted where nobody reaches it and must be healthy, before the old one is given up. */
export function tryOut(facts: Facts): Step {
  return {
    id: "switch.try",
    phase: "switch",
    title: `boot one unit of ${facts.release.id} aside and probe it`,
    async run(work) {
      if (!work.target.tryOut) throw new Error(`${work.target.kind} cannot boot a unit aside`);
      return work.target.tryOut(facts.release, async (unit) => {
        const problem = await problemOf(work, unit);
        if (problem) throw new Error(problem);
      });
    },
    undoTitle: "remove what was booted aside",
    async undo(work) {
      await work.target.endTryOut?.();
      return {};
    },
  };
}

/** Puts the new release in front. Where data was not changed live the old one is stopped already, and going back starts it once the data is back. */
export function units(facts: Facts, lossless: boolean): Step {
  const { release, previous } = facts;
  const may = mayServeOn(facts);
  const serves = facts.change === "none" || facts.foreseen?.way === "live";
  const interrupts = lossless && serves ? 0 : switchTime(facts);
  return {
    id: "switch.units",
    phase: "switch",
    title: previous ? `replace ${previous.id} by ${release.id}` : `start ${release.id}`,
    ...(previous && serves ? { interrupts } : {}),
    run: (work) => work.target.start(release, previous),
    undoTitle: previous && may ? `return to ${previous.id}` : `stop ${release.id}`,
    async undo(work) {
      if (previous && servesOn(work)) {
        const back = await work.target.start(previous, release);
        await work.target.retire(release, previous);
        return { ...back, ...(await awaitPrevious(work, previous)) };
      }
      const stopped = await work.target.stop(release);
      // A restore replaces a release by itself.
      if (previous?.id !== release.id) await work.target.retire(release, previous);
      return stopped;
    },
  };
}

/** The old release is only back when it answers. */
export async function awaitPrevious(work: Work, previous: ReleaseFolder, which: "all" | "front" = "all"): Promise<Evidence> {
  try {
    return await awaitHealthy(work, previous, which, "now");
  } catch (error) {
    throw new StuckError({
      operation: "return to",
      subject: previous.id,
      cause: error,
      hint: `it was started again but is not healthy: see \`aplomo logs\`; when it is, \`aplomo recover\` ends this deployment`,
    });
  }
}
