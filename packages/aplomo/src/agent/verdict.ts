import { counted } from "../base/count.ts";
import type { Sample } from "./sample.ts";
import { begunAnew } from "./trends.ts";

export const probation = 24 * 60 * 60_000;

/** How a release did in its first 24 hours. */
export interface Verdict {
  version: 1;
  release: string;
  since: string;
  until: string;
  good: boolean;
  /** In words, each with its numbers; empty when it is good. */
  troubles: string[];
  looks: number;
  /** Of what was asked: how much was not answered well. */
  failed: { times: number; of: number };
  restarts: number;
  /** Bytes of all units together: the first hour's mean and the last one's. */
  memory: { first: number; last: number } | null;
  /** Milliseconds, 95 of 100 answers were quicker: before it, and with it. */
  p95: { before: number | null; after: number | null };
}

const hour = 60 * 60_000;

/** Pure: the verdict, from what was measured in that time and in the 24 hours before. */
export function judge(release: string, samples: readonly Sample[], before: readonly Sample[]): Verdict | undefined {
  const its = samples.filter((sample) => sample.release === release);
  const [first, last] = [its[0], its.at(-1)];
  if (!first || !last) return undefined;
  const asked = its.flatMap((sample) => sample.asked);
  const failed = asked.filter(({ status }) => status === 0 || status >= 400).length;
  const restarts = restartsIn(its);
  const memory = memoryOf(its);
  const p95 = { before: p95Of(before), after: p95Of(its) };
  const troubles = [
    ...(failed * 1_000 > asked.length ? [`${failed} of ${counted(asked.length, "health check")} failed`] : []),
    ...(restarts > 0 ? [`units were begun anew ${counted(restarts, "time")}`] : []),
    ...(memory && memory.last > memory.first * 1.5 && memory.last - memory.first > 50e6
      ? [`memory grew from ${Math.round(memory.first / 1e6)} to ${Math.round(memory.last / 1e6)} MB`]
      : []),
    ...(p95.before !== null && p95.after !== null && p95.after > 2 * p95.before && p95.after - p95.before > 100
      ? [`95 of 100 health checks took up to ${p95.after} ms, before it ${p95.before} ms`]
      : []),
  ];
  return {
    version: 1,
    release,
    since: first.at,
    until: last.at,
    good: troubles.length === 0,
    troubles,
    looks: its.length,
    failed: { times: failed, of: asked.length },
    restarts,
    memory,
    p95,
  };
}

function restartsIn(samples: readonly Sample[]): number {
  const names = new Set(samples.flatMap(({ units }) => units.map(({ name }) => name)));
  return [...names].reduce((sum, name) => sum + begunAnew(samples, name), 0);
}

function memoryOf(samples: readonly Sample[]): Verdict["memory"] {
  const [start, end] = [Date.parse(samples[0]?.at ?? ""), Date.parse(samples.at(-1)?.at ?? "")];
  const mean = (some: readonly Sample[]): number | undefined => {
    const sums = some.map(({ units }) => units.reduce((sum, unit) => sum + (unit.memory ?? 0), 0)).filter((sum) => sum > 0);
    return sums.length === 0 ? undefined : sums.reduce((sum, one) => sum + one, 0) / sums.length;
  };
  const first = mean(samples.filter(({ at }) => Date.parse(at) - start <= hour));
  const last = mean(samples.filter(({ at }) => end - Date.parse(at) <= hour));
  return first === undefined || last === undefined ? null : { first: Math.round(first), last: Math.round(last) };
}

function p95Of(samples: readonly Sample[]): number | null {
  const times = samples.flatMap(({ asked }) => asked.filter(({ status }) => status > 0).map(({ ms }) => ms)).toSorted((a, b) => a - b);
  return times[Math.floor(times.length * 0.95)] ?? null;
}
