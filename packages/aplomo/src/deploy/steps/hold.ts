import { formatDuration } from "../../base/time.ts";
import type { EdgeCapabilities } from "../../edges/contract.ts";
import type { Evidence } from "../../base/events.ts";
import type { ReleaseFolder } from "../../targets/contract.ts";
import { holdRequests, upstreamsOf } from "../edge.ts";
import { switchTime, type Facts } from "../facts.ts";
import { unitsOf } from "../gates/gate.ts";
import type { Step, Work } from "../step.ts";
import { mayServeOn, servesOn } from "../way.ts";
import { startBeside } from "./front.ts";
import { discardedName } from "./put-back.ts";
import { awaitPrevious } from "./switch.ts";

/**
 * While data changes no request may reach the application: what it would accept could be lost by going back. So it is stopped; an edge
 * that can hold lets requests wait meanwhile, and otherwise the plan says for how long they fail.
 */
export function hold(facts: Facts, edge: EdgeCapabilities | null): Step {
  const { previous } = facts;
  const limit = edge?.holds && facts.edge?.pointed ? edge.holds.limitMs : undefined;
  const why = "so that nothing is written while data changes";
  const unless = mayServeOn(facts) ? ", unless the rehearsal found it compatible" : "";
  return {
    id: "change.hold",
    phase: "change",
    title: previous
      ? `${limit === undefined ? "" : `let requests wait at ${facts.edge?.kind} and `}stop ${previous.id}, ${why}${unless}`
      : "nothing runs yet: nothing has to be stopped",
    ...(previous ? took(holdTime(facts), limit) : {}),
    async run(work) {
      if (!previous) return {};
      if (servesOn(work)) return { way: "live", served: previous.id };
      return { ...(await holdRequests(work, previous, limit)), ...(await work.target.stop(previous)) };
    },
    ...(previous
      ? { undoTitle: `start ${previous.id} again${limit === undefined ? "" : ", and let the requests that waited go on"}` }
      : {}),
    undo: async (work) => {
      // One that served on is stopped only where its data has to be put back all the same.
      const served = previous !== null && servesOn(work) && (await runs(work, previous));
      const back = previous && !served ? await bringBack(work, previous, edge !== null) : {};
      for (const database of work.databases) await database.dropScratch(discardedName(work));
      return back;
    },
  };
}

function took(ms: number, limit: number | undefined): Pick<Step, "interrupts" | "waits" | "details"> {
  return limit === undefined ? { interrupts: ms } : { waits: ms, details: [`requests wait for about ${formatDuration(ms)}`] };
}

async function runs(work: Work, release: ReleaseFolder): Promise<boolean> {
  const units = await unitsOf(work, release);
  return units.length > 0 && units.every(({ state }) => state === "running");
}

async function bringBack(work: Work, previous: ReleaseFolder, fronted: boolean): Promise<Evidence> {
  // First where the edge finds it: made anew, it would want the ports that its files publish.
  if (fronted) await startBeside(work, previous);
  const back = { ...(await work.target.start(previous, null)), ...(await awaitPrevious(work, previous)) };
  if (!fronted || work.facts.edge?.pointed !== true) return back;
  await work.edge.ensure();
  await work.edge.point(await upstreamsOf(work.target, previous));
  await work.edge.resume();
  return back;
}

/** From the stop of the old release to the start of the new one, by what a rehearsal of it saw, else by what the last deployment measured. */
function holdTime(facts: Facts): number {
  if (facts.foreseen?.way === "live") return 0;
  if (facts.foreseen?.way) return facts.foreseen.expectedHoldMs;
  const measured = Object.entries(facts.measured)
    .filter(([step]) => step.startsWith("change."))
    .reduce((sum, [, ms]) => sum + ms, 0);
  return measured + switchTime(facts);
}
