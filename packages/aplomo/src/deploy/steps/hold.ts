import { switchTime, type Facts } from "../facts.ts";
import type { Step } from "../step.ts";
import { discardedName } from "./put-back.ts";
import { awaitPrevious } from "./switch.ts";

/**
 * While data changes no request may reach the application: what it would accept could be lost by going back. With nothing in
 * front that can let requests wait, the application is stopped, and the plan says for how long.
 */
export function hold(facts: Facts): Step {
  const { previous } = facts;
  return {
    id: "change.hold",
    phase: "change",
    title: previous ? `stop ${previous.id}, so that nothing is written while data changes` : "nothing runs yet: nothing has to be stopped",
    ...(previous ? { interrupts: holdTime(facts) } : {}),
    run: async (work) => (previous ? work.target.stop(previous) : {}),
    ...(previous ? { undoTitle: `start ${previous.id} again` } : {}),
    undo: async (work) => {
      const back = previous ? { ...(await work.target.start(previous, null)), ...(await awaitPrevious(work, previous)) } : {};
      for (const database of work.databases) await database.dropScratch(discardedName(work));
      return back;
    },
  };
}

/** From the stop of the old release to the start of the new one, by what the last deployment measured. */
function holdTime(facts: Facts): number {
  const measured = Object.entries(facts.measured)
    .filter(([step]) => step.startsWith("change."))
    .reduce((sum, [, ms]) => sum + ms, 0);
  return measured + switchTime(facts);
}
