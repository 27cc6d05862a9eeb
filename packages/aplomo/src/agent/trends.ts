import { counted } from "../base/count.ts";
import { formatDuration } from "../base/time.ts";
import type { Sample } from "./sample.ts";
import type { Signal } from "./signal.ts";

const minute = 60_000;
const hour = 60 * minute;
/** A trend needs this much time and this many looks, and must explain most of what was measured. */
const least = { time: hour, looks: 20, fit: 0.7 };

/** Milliseconds from the last point until a straight line through them reaches a limit; undefined when it does not, or there is no line. */
export function forecast(points: readonly (readonly [at: number, value: number])[], limit: number): number | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < least.looks || last[0] - first[0] < least.time) return undefined;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  const sum = (of: (at: number, value: number) => number): number => points.reduce((all, [at, value]) => all + of(at - x, value - y), 0);
  const [xx, xy, yy] = [sum((at) => at ** 2), sum((at, value) => at * value), sum((_at, value) => value ** 2)];
  const slope = xy / xx;
  const now = y + slope * (last[0] - x);
  const towards = (limit - now) * slope > 0;
  if (yy === 0 || xy ** 2 / (xx * yy) < least.fit || !towards) return undefined;
  return (limit - now) / slope;
}

/** Pure: what several looks show and one does not. */
export function trendSignals(samples: readonly Sample[], disk: number): Signal[] {
  return [...memorySignals(samples), ...diskSignals(samples, disk), ...restartSignals(samples)];
}

/** I13: memory that grows until the supervisor restarts it. */
function memorySignals(samples: readonly Sample[]): Signal[] {
  return (samples.at(-1)?.units ?? []).flatMap(({ name, id, memory, limit }): Signal[] => {
    if (memory === null || limit === null) return [];
    // Of the present run alone: a restart begins anew.
    const points = samples.flatMap(({ at, units }) => {
      const same = units.find((unit) => unit.id === id);
      return same && same.memory !== null ? [[Date.parse(at), same.memory] as const] : [];
    });
    const left = forecast(points, limit);
    if (left === undefined || left > 24 * hour) return [];
    return [
      {
        key: `memory:${name}`,
        level: "warning",
        subject: name,
        message: `its memory grows and reaches its limit in about ${formatDuration(left)}: ${megabytes(memory)} of ${megabytes(limit)} now`,
        next: "Look for what it keeps: caches without a limit, listeners that are never removed. Until it is found, a higher limit buys time.",
        evidence: [`${counted(points.length, "look")} since ${new Date(points[0]?.[0] ?? 0).toISOString()}`],
      },
    ];
  });
}

function diskSignals(samples: readonly Sample[], within: number): Signal[] {
  return (samples.at(-1)?.disks ?? []).flatMap(({ path, free, total }): Signal[] =>
    (["free", "inodesFree"] as const).flatMap((what): Signal[] => {
      const points = samples.flatMap(({ at, disks }) => {
        const same = disks.find((disk) => disk.path === path);
        return same ? [[Date.parse(at), same[what]] as const] : [];
      });
      const left = forecast(points, 0);
      if (left === undefined || left > within) return [];
      const said = what === "free" ? `${gigabytes(free)} of ${gigabytes(total)} are free` : "it runs out of inodes: many small files";
      return [
        {
          key: `disk-${what}:${path}`,
          level: "warning",
          subject: path,
          message: `filling as it does now, it is full in about ${days(left)}: ${said}`,
          next: "See what grows: `du -xh --max-depth=2 / | sort -h | tail`, `docker system df`, `aplomo backup prune --dry-run`.",
          evidence: [],
        },
      ];
    }),
  );
}

/** Restarts are counted, not caught: a loop that ends with exit code 0 looks well whenever it is looked at. */
function restartSignals(samples: readonly Sample[]): Signal[] {
  const last = samples.at(-1);
  if (!last) return [];
  const recent = samples.filter(({ at, release }) => release === last.release && Date.parse(last.at) - Date.parse(at) <= 15 * minute);
  return [...new Set(last.units.map(({ name }) => name))].flatMap((name): Signal[] => {
    const times = begunAnew(recent, name);
    if (times < 1) return [];
    return [
      {
        key: `restarts:${name}`,
        level: times > 1 ? "error" : "warning",
        subject: name,
        message: `it was begun anew ${times === 1 ? "once" : `${times} times`} in the last quarter of an hour`,
        next: "`aplomo logs` shows what it said, `aplomo doctor` looks for the cause. A server that ends by itself is in trouble, with exit code 0 too.",
        evidence: [],
      },
    ];
  });
}

/** How often units of one name were begun anew: several may bear it, and a restart shows as a higher count or as another unit. */
export function begunAnew(samples: readonly Sample[], name: string): number {
  const its = samples.map(({ units }) => units.filter((unit) => unit.name === name));
  const counts = its.filter((units) => units.length > 0).map((units) => units.reduce((sum, { restarts }) => sum + restarts, 0));
  const together = Math.max(0, ...its.map((units) => units.length));
  const ids = new Set(its.flatMap((units) => units.map(({ id }) => id)));
  return Math.max(0, (counts.at(-1) ?? 0) - Math.min(...counts), ids.size - together);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function days(ms: number): string {
  return ms < 48 * hour ? `${Math.round(ms / hour)} hours` : `${Math.round(ms / (24 * hour))} days`;
}
