import type { Evidence } from "../../base/events.ts";
import { sameUpstreams } from "../../edges/upstreams.ts";
import type { ReleaseFolder } from "../../targets/contract.ts";
import type { SmokeSettings } from "../../config/schema.ts";
import { upstreamsOf, wayTo } from "../edge.ts";
import type { Facts } from "../facts.ts";
import { unitsOf } from "../gates/gate.ts";
import { awaitHealthy, isLost, refuseLost, whileServing } from "../gates/health.ts";
import { runSmoke } from "../gates/smoke.ts";
import type { Step, Work } from "../step.ts";
import { mayServeOn, servesOn } from "../way.ts";
import { awaitPrevious } from "./switch.ts";

/*
 * The switch where an edge stands in front: new units beside the old ones, asked directly, then pointed at; the old ones drained and stopped.
 * When data is not changed live the old ones are stopped already, and requests wait at the edge, if it can hold them, from `change.hold` to
 * `switch.resume`.
 */

/** The edge runs and knows the application. What it points at and what runs agree afterwards: a machine that was booted may have moved a unit. */
export function edge(facts: Facts): Step {
  const { previous, edge: found } = facts;
  return {
    id: "prepare.edge",
    phase: "prepare",
    title: `make sure that ${found?.kind} stands in front${found?.pointed ? "" : ", with nothing behind it yet"}`,
    async run(work) {
      const evidence = await work.edge.ensure();
      if (!found?.pointed || !previous) return evidence;
      const now = await work.edge.current();
      const meant = await upstreamsOf(work.target, previous);
      if (meant.length > 0 && !(now.settled && sameUpstreams(now.upstreams, meant))) await work.edge.point(meant);
      if (now.holding) await work.edge.resume();
      return evidence;
    },
    ...(found?.pointed ? {} : { undoTitle: `take the application away from ${found?.kind} again` }),
    async undo(work) {
      if (!found?.pointed) await work.edge.remove();
      return {};
    },
  };
}

export function beside(facts: Facts): Step {
  const { release, previous } = facts;
  const may = mayServeOn(facts);
  return {
    id: "switch.beside",
    phase: "switch",
    title: previous && may ? `start ${release.id} beside ${previous.id}` : `start ${release.id}`,
    run: (work) => startBeside(work, release),
    undoTitle: previous && may ? `leave ${previous.id} alone again` : `stop ${release.id}`,
    async undo(work) {
      // A restore replaces a release by itself.
      if (previous?.id === release.id) return work.target.stop(release);
      if (!previous || !servesOn(work)) {
        const stopped = await work.target.stop(release);
        await work.target.retire(release, previous);
        return stopped;
      }
      const back = await work.target.start(previous, release);
      await work.target.retire(release, previous);
      return { ...back, ...(await awaitPrevious(work, previous)) };
    },
  };
}

/** Before anybody is sent there. */
export function probe(facts: Facts, checks: readonly SmokeSettings[]): Step {
  const { release } = facts;
  return {
    id: "switch.probe",
    phase: "switch",
    title: `ask ${release.id} directly`,
    ...(checks.length > 0 ? { details: checks.map((check) => `GET ${check.get}`) } : {}),
    async run(work) {
      const healthy = await awaitHealthy(work, release, "front");
      const own = checks.filter((check) => check.get.startsWith("/"));
      const answers: Evidence = {};
      for (const unit of (await unitsOf(work, release)).filter(({ front }) => front)) {
        const way = wayTo(unit, work.edge);
        // Processes that share a port are one address.
        if (way && !(way.name in answers)) answers[way.name] = (await runSmoke(work, own, way.ask))["answers"] ?? {};
      }
      return { ...healthy, ...(own.length > 0 ? { answers } : {}) };
    },
  };
}

export function point(facts: Facts): Step {
  const { release, previous, edge: found } = facts;
  const returns = previous !== null && mayServeOn(facts) && found?.pointed === true;
  return {
    id: "switch.point",
    phase: "switch",
    title: `point ${found?.kind} to ${release.id}`,
    run: async (work) => work.edge.point(await upstreamsOf(work.target, release)),
    ...(returns ? { undoTitle: `point ${found?.kind} back to ${previous.id}` } : {}),
    // Where the old units were stopped the edge goes back when the data is back: `change.hold`.
    undo: async (work) => (returns && servesOn(work) ? pointBack(work, previous, release) : {}),
  };
}

async function pointBack(work: Work, previous: ReleaseFolder, release: ReleaseFolder): Promise<Evidence> {
  await work.edge.ensure();
  const pointed = await work.edge.point(await upstreamsOf(work.target, previous));
  // What ended by itself has cut its requests; the rest of it ends them when it is stopped. A proxy may wait for ever for an answer of the dead.
  const ended = (await unitsOf(work, release)).some((unit) => unit.front === true && isLost(unit));
  const left = ended ? [] : await upstreamsOf(work.target, release);
  return { ...pointed, ...(left.length > 0 ? { drained: { ...(await work.edge.drain(left)) } } : {}) };
}

export function drain({ release }: Facts, previous: ReleaseFolder): Step {
  return {
    id: "switch.drain",
    phase: "switch",
    title: `let the requests end that ${previous.id} is answering`,
    async run(work) {
      if (!servesOn(work)) return {};
      const left = await upstreamsOf(work.target, previous);
      return { ...(await whileServing(work, release, work.edge.drain(left))) };
    },
  };
}

/** Exactly the new release runs afterwards: what is behind the edge does already, the rest changes here. */
export function units(facts: Facts): Step {
  const { release, previous } = facts;
  const returns = previous !== null && mayServeOn(facts);
  const stops = returns && previous.id !== release.id;
  return {
    id: "switch.units",
    phase: "switch",
    title: stops ? `stop ${previous.id}; its units are kept until ${release.id} is proven` : `make sure that only ${release.id} runs`,
    async run(work) {
      // Starting counts restarts from zero again, and the old units go: the last moment to see an end, and the best.
      await refuseLost(work, release);
      return work.target.start(release, previous);
    },
    undoTitle: returns ? `start ${previous.id} beside ${release.id} again` : `stop ${release.id}`,
    async undo(work) {
      if (!previous || !servesOn(work)) return work.target.stop(release);
      return { ...(await startBeside(work, previous)), ...(await awaitPrevious(work, previous, "front")) };
    },
  };
}

/** Only where requests were held: they go to the new units now. Taking it back means that nobody writes any more. */
export function resume(facts: Facts, limit: number): Step {
  const { release } = facts;
  return {
    id: "switch.resume",
    phase: "switch",
    title: "let the requests that waited go on",
    run: async (work) => (servesOn(work) ? {} : work.edge.resume()),
    undoTitle: "let requests wait again",
    async undo(work) {
      if (servesOn(work)) return {};
      await work.edge.ensure();
      const held = await work.edge.hold(limit);
      return { ...held, drained: { ...(await work.edge.drain(await upstreamsOf(work.target, release))) } };
    },
  };
}

export async function startBeside(work: Work, release: ReleaseFolder): Promise<Evidence> {
  if (!work.target.startBeside) throw new Error(`${work.target.kind} cannot run two releases at once`);
  return work.target.startBeside(release);
}
