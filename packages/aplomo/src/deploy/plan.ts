import { formatDuration } from "../base/time.ts";
import type { Settings } from "../config/schema.ts";
import type { EdgeCapabilities } from "../edges/contract.ts";
import type { TargetCapabilities } from "../targets/contract.ts";
import type { Facts } from "./facts.ts";
import { health } from "./gates/health.ts";
import { identity } from "./gates/identity.ts";
import { invariants } from "./gates/invariants.ts";
import { logs } from "./gates/logs.ts";
import { smoke } from "./gates/smoke.ts";
import { stability } from "./gates/stability.ts";
import type { Step } from "./step.ts";
import { mayServeOn } from "./way.ts";
import { audited } from "./steps/audited.ts";
import * as change from "./steps/change.ts";
import { hold } from "./steps/hold.ts";
import * as keep from "./steps/keep.ts";
import { migrations } from "./steps/migrations.ts";
import * as prepare from "./steps/prepare.ts";
import { protect } from "./steps/protect.ts";
import { checkout } from "./steps/checkout.ts";
import { rehearsal } from "./steps/rehearse.ts";
import { adopt, stage } from "./steps/stage.ts";
import * as front from "./steps/front.ts";
import * as exchange from "./steps/switch.ts";

/** What drivers can do, as far as a plan depends on it. */
export interface Abilities {
  target: TargetCapabilities;
  edge: EdgeCapabilities;
  lockTimeoutEnv: change.LockTimeouts;
}

/** The steps of a deployment, in order. Pure: the same facts give the same steps, also in another process after a crash. */
export function plan(facts: Facts, settings: Settings, abilities: Abilities): Step[] {
  const databases = Object.keys(settings.databases);
  const edge = inFront(facts, abilities);
  const rehearsed = [
    ...(facts.action === "deploy" || facts.action === "rehearse" ? [prepare.environment] : []),
    ...(facts.action === "deploy" && !facts.code ? checkout(settings.source) : []),
    ...(facts.action === "deploy" && settings.audit.gate !== "off" ? [audited(settings.audit.gate)] : []),
    prepare.target(facts),
    ...(edge ? [front.edge(facts)] : []),
    ...(facts.adopt && facts.previous ? [adopt(facts.previous.id)] : []),
    ...(databases.length > 0 ? [prepare.dataServices] : []),
    ...databases.map(prepare.reachable),
    stage(facts),
    ...(facts.migrations ? [migrations(facts.migrations)] : []),
    ...databases.map(protect),
    ...(facts.rehearsal?.run ? [rehearsal(facts)] : []),
  ];
  if (facts.action === "rehearse") return rehearsed;
  return [
    ...rehearsed,
    ...(facts.change === "none" ? [] : dataChange(facts, settings, abilities)),
    // Where the target can: a process manager may take a minute to say that several processes ended at their start, and one says it at once.
    ...(abilities.target.candidate ? [exchange.tryOut(facts)] : []),
    ...(edge ? switched(facts, settings, edge) : [exchange.units(facts, abilities.target.lossless)]),
    ...gates(settings),
    keep.current(facts),
    ...(facts.previous && facts.previous.id !== facts.release.id ? [keep.retire(facts.previous, facts.release)] : []),
    ...(facts.prune.length > 0 ? [keep.prune(facts)] : []),
  ];
}

/** The edge that this deployment switches; null: nothing stands in front, or the target cannot run two releases at once. */
function inFront(facts: Facts, { edge, target }: Abilities): EdgeCapabilities | null {
  return facts.edge && edge.switches && target.beside ? edge : null;
}

function switched(facts: Facts, settings: Settings, edge: EdgeCapabilities): Step[] {
  const { previous, change } = facts;
  return [
    front.beside(facts),
    front.probe(facts, settings.smoke),
    front.point(facts),
    ...(previous && mayServeOn(facts) ? [front.drain(facts, previous)] : []),
    front.units(facts),
    ...(change !== "none" && edge.holds && facts.edge?.pointed ? [front.resume(facts, edge.holds.limitMs)] : []),
  ];
}

function dataChange(facts: Facts, settings: Settings, abilities: Abilities): Step[] {
  const databases = Object.keys(settings.databases);
  return [
    hold(facts, inFront(facts, abilities)),
    ...databases.map((name) => change.lastBackup(name, facts.change === "migrate" && mayServeOn(facts))),
    ...(facts.change === "restore"
      ? [
          ...Object.entries(facts.restore).map(([name, backup]) => change.restore(name, backup)),
          ...Object.entries(facts.loaded ?? {}).map(([name, scratch]) => change.exchange(name, scratch)),
        ]
      : change.dataJobs(settings, abilities.lockTimeoutEnv).map(change.job)),
    ...(databases.length > 0 ? [invariants("change")] : []),
    ...databases.map(change.mark),
  ];
}

function gates(settings: Settings): Step[] {
  const { smoke: checks, logs: log, health: watched } = settings;
  return [
    identity,
    health(),
    ...(checks.length > 0 ? [smoke(checks)] : []),
    ...(Object.keys(settings.databases).length > 0 ? [invariants("prove")] : []),
    ...(watched.watch > 0 ? [stability(watched.watch, watched.memory_below)] : []),
    logs(log.forbid ?? []),
  ];
}

/** The sentences a reader should see before agreeing: what changes, and how long requests wait or fail. */
export function notes(facts: Facts, steps: readonly Step[], edge?: EdgeCapabilities): string[] {
  const { action, changeReason, rehearsal: rehearsed } = facts;
  if (action === "rehearse") return [changeReason, "production is not touched: what is made for the rehearsal goes again"];
  return [
    changeReason,
    ...(rehearsed ? [rehearsed.reason] : []),
    ...changing(facts),
    ...keeping(facts),
    ...interruption(facts, steps, edge),
  ];
}

/** Which way data is changed: as an earlier rehearsal of this very release found, else what each verdict would mean. */
function changing({ change, foreseen, ...facts }: Facts): string[] {
  if (change !== "migrate" || !mayServeOn({ change, ...facts })) return [];
  if (!foreseen)
    return ["compatible: data changes while the current release serves on, where one that fails takes itself back; breaking: as follows"];
  const { deployment, verdict, way, changedMs, expectedHoldMs } = foreseen;
  const words: Record<string, string> = {
    live: `data changes while ${facts.previous?.id} serves on, and took ${formatDuration(changedMs)} on the copy`,
    hold: `requests wait while data changes, for about ${formatDuration(expectedHoldMs)}`,
    stop: `${facts.previous?.id} is stopped while data changes, for about ${formatDuration(expectedHoldMs)}`,
  };
  return [`as ${deployment} rehearsed it: ${verdict}${way === null ? "" : `; ${words[way] ?? way}`}`];
}

function keeping({ kept = [] }: Facts): string[] {
  return kept.length > 0 ? [`kept as they run, since nothing of them differs: ${kept.join(", ")}`] : [];
}

function interruption(facts: Facts, steps: readonly Step[], edge: EdgeCapabilities | undefined): string[] {
  if (facts.previous === null) return ["nothing runs yet: there is nothing to interrupt"];
  const ms = steps.reduce((sum, step) => sum + (step.interrupts ?? step.waits ?? 0), 0);
  const how = Object.keys(facts.measured).length > 0 ? "as last time" : "an estimate: nothing was measured yet";
  const about = `about ${formatDuration(ms)} (${how})`;
  if (!facts.edge) {
    if (ms === 0) return ["the switch interrupts no request: the old units answer until the new ones do"];
    return [`requests fail for ${about}: nothing stands in front that could let them wait`];
  }
  const { kind, pointed } = facts.edge;
  if (!pointed)
    return [`requests go through ${kind} from now on: whoever asks the units of ${facts.previous.id} at their own address is cut off`];
  const idle = edge?.keepsConnections === false ? [`${kind} closes connections that are idle when it is switched`] : [];
  if (ms === 0) return [`0 s of interruption: ${kind} points at the new units when they answer, and the old ones finish`, ...idle];
  if (!edge?.holds) return [`requests fail for ${about}: ${kind} cannot let them wait while data changes`, ...idle];
  return [`0 s of interruption: requests wait at ${kind} for ${about}, and fail after ${formatDuration(edge.holds.limitMs)}`, ...idle];
}
