import { eachSample, type Sample } from "./sample.ts";

/** One line of a chart: at most one value a stretch of time, the highest, for that is what one looks for. */
export interface Track {
  name: string;
  points: (readonly [at: number, value: number])[];
}

/** What was measured in a stretch of time, by services: units have another name with each release. */
export interface Tracks {
  from: number;
  to: number;
  /** Milliseconds an answer took, and how many were not good. */
  answers: (Track & { asked: number; failed: number })[];
  /** Bytes of the largest unit, and its limit. */
  memory: (Track & { limit: number | null })[];
  /** Of all units together, since their release was started. */
  restarts: Track[];
  /** What invariants speak of: `main.patients`. */
  numbers: Track[];
  /** When another release came in front. */
  releases: { at: number; release: string }[];
}

const most = 240;

/** Reads samples and keeps of them what a chart can show, however many there are. */
export async function gather(folder: string, since: Date, now: Date): Promise<Tracks> {
  const [from, to] = [since.getTime(), now.getTime()];
  const stretch = Math.max(1, (to - from) / most);
  const answers = new Map<string, { points: Points; asked: number; failed: number }>();
  const memory = new Map<string, { points: Points; limit: number | null }>();
  const [restarts, numbers] = [new Map<string, Points>(), new Map<string, Points>()];
  const releases: Tracks["releases"] = [];
  let front: string | null | undefined;
  await eachSample(folder, since, now, (sample) => {
    const at = Date.parse(sample.at);
    const keep = (points: Points, value: number): void => {
      const place = Math.floor((at - from) / stretch);
      const before = points.get(place);
      if (before === undefined || value >= before[1]) points.set(place, [at, value]);
    };
    if (front !== undefined && sample.release !== null && sample.release !== front) releases.push({ at, release: sample.release });
    front = sample.release;
    for (const { what, service, status, ms } of sample.asked) {
      const its = entry(answers, service ?? what, () => ({ points: new Map(), asked: 0, failed: 0 }));
      its.asked += 1;
      if (status === 0 || status >= 400) its.failed += 1;
      if (status > 0) keep(its.points, ms);
    }
    for (const { name, service, memory: used, limit } of sample.units) {
      if (used === null) continue;
      const its = entry(memory, service ?? name, () => ({ points: new Map(), limit: null }));
      its.limit = limit;
      keep(its.points, used);
    }
    for (const [name, sum] of restartsOf(sample))
      keep(
        entry(restarts, name, () => new Map()),
        sum,
      );
    for (const [name, value] of Object.entries(sample.numbers ?? {}))
      keep(
        entry(numbers, name, () => new Map()),
        value,
      );
  });
  return {
    from,
    to,
    answers: tracks(answers, ({ points, ...rest }) => ({ points: inOrder(points), ...rest })),
    memory: tracks(memory, ({ points, limit }) => ({ points: inOrder(points), limit })),
    restarts: tracks(restarts, (points) => ({ points: inOrder(points) })),
    numbers: tracks(numbers, (points) => ({ points: inOrder(points) })),
    releases,
  };
}

type Points = Map<number, readonly [number, number]>;

function restartsOf({ units }: Sample): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { name, service, restarts } of units) sums.set(service ?? name, (sums.get(service ?? name) ?? 0) + restarts);
  return sums;
}

function entry<T>(all: Map<string, T>, name: string, make: () => T): T {
  const found = all.get(name) ?? make();
  all.set(name, found);
  return found;
}

function tracks<T, R extends object>(all: Map<string, T>, of: (one: T) => R): (R & { name: string })[] {
  return [...all].map(([name, one]) => ({ name, ...of(one) })).toSorted((a, b) => a.name.localeCompare(b.name));
}

function inOrder(points: Points): Track["points"] {
  return [...points.values()].toSorted((a, b) => a[0] - b[0]);
}
