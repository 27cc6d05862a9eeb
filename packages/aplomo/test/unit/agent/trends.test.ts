import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sample } from "../../../src/agent/sample.ts";
import { forecast, trendSignals } from "../../../src/agent/trends.ts";
import { judge } from "../../../src/agent/verdict.ts";

const start = Date.parse("2026-11-22T00:00:00Z");
const minute = 60_000;
const hour = 60 * minute;
const sample = (index: number, more: Partial<Sample> = {}): Sample => ({
  at: new Date(start + index * minute).toISOString(),
  release: "r2",
  units: [],
  asked: [],
  disks: [],
  ...more,
});
const series = (count: number, of: (index: number) => Partial<Sample>): Sample[] =>
  Array.from({ length: count }, (_, index) => sample(index, of(index)));
const unit = (more: Partial<Sample["units"][number]> = {}): Sample["units"] => [
  { name: "web-1", id: "a", restarts: 0, running: true, memory: null, limit: null, ...more },
];

test("a line is drawn through what grows, and none through what only trembles", () => {
  const line = (of: (index: number) => number): (readonly [number, number])[] =>
    Array.from({ length: 61 }, (_, i) => [i * minute, of(i)] as const);
  const left = forecast(
    line((index) => index),
    120,
  );
  assert.ok(left !== undefined && Math.abs(left - hour) < minute, String(left));
  assert.equal(
    forecast(
      line((index) => -index),
      120,
    ),
    undefined,
  );
  assert.equal(
    forecast(
      line((index) => (index * 7919) % 13),
      120,
    ),
    undefined,
  );
  assert.equal(
    forecast(
      line(() => 5),
      120,
    ),
    undefined,
  );
  assert.equal(forecast(line((index) => index).slice(0, 15), 120), undefined);
});

test("memory that grows towards its limit is told with both numbers, of the present run alone", () => {
  const grown = series(90, (index) => ({ units: unit({ memory: 100e6 + index * 1e6, limit: 300e6 }) }));
  const [signal] = trendSignals(grown, 0);
  assert.equal(signal?.key, "memory:web-1");
  assert.match(signal?.message ?? "", /reaches its limit in about 11\d min .*: 189 MB of 300 MB now/);
  const anew = series(90, (index) => ({
    units: unit({ id: index < 80 ? "a" : "b", restarts: 0, memory: 100e6 + index * 1e6, limit: 300e6 }),
  }));
  assert.deepEqual(
    trendSignals(anew, 0).map(({ key }) => key),
    ["restarts:web-1"],
  );
});

test("a disk that fills is told before it is full; a quiet one is not", () => {
  const filling = series(120, (index) => ({ disks: [{ path: "/", free: 40e9 - index * 10e6, total: 80e9, inodesFree: 1e6 }] }));
  const [signal, ...others] = trendSignals(filling, 7 * 24 * hour);
  assert.deepEqual([signal?.key, others.length], ["disk-free:/", 0]);
  assert.match(signal?.message ?? "", /full in about 3 days: 38\.8 GB of 80\.0 GB/);
  assert.deepEqual(trendSignals(filling, 24 * hour), []);
  const inodes = series(120, (index) => ({ disks: [{ path: "/", free: 40e9, total: 80e9, inodesFree: 20_000 - index * 100 }] }));
  assert.deepEqual(
    trendSignals(inodes, 24 * hour).map(({ key }) => key),
    ["disk-inodesFree:/"],
  );
});

test("a loop of clean exits is seen by its restarts, however well it looks", () => {
  const looping = series(20, (index) => ({ units: unit({ id: `a${index >> 2}`, restarts: index >> 2 }) }));
  const [signal] = trendSignals(looping, 0);
  assert.deepEqual([signal?.level, signal?.key], ["error", "restarts:web-1"]);
  assert.match(signal?.message ?? "", /begun anew 3 times in the last quarter/);
  const old = series(60, (index) => ({ units: unit({ restarts: index < 5 ? 0 : 7 }) }));
  assert.deepEqual(trendSignals(old, 0), []);
});

test("several units of one name are no restarts", () => {
  const looked = (index: number): Partial<Sample> => ({ units: [...unit({ id: "a" }), ...unit({ id: index > 10 ? "c" : "b" })] });
  assert.deepEqual(
    trendSignals(series(10, looked), 0).map(({ key }) => key),
    [],
  );
  assert.deepEqual(
    trendSignals(series(14, looked), 0).map(({ key, level }) => [key, level]),
    [["restarts:web-1", "warning"]],
  );
});

test("a release's first day is judged by what was measured", () => {
  const quiet = (count: number): Sample[] =>
    series(count, () => ({ units: unit({ memory: 100e6 }), asked: [{ what: "u", status: 200, ms: 20 }] }));
  const good = judge("r2", quiet(300), []);
  assert.deepEqual([good?.good, good?.looks, good?.failed, good?.p95], [true, 300, { times: 0, of: 300 }, { before: null, after: 20 }]);
  assert.equal(judge("r3", quiet(300), []), undefined);
  const bad = judge(
    "r2",
    series(300, (index) => ({
      units: unit({ memory: 100e6 + index * 1e6, restarts: index > 200 ? 2 : 0 }),
      asked: [{ what: "u", status: index % 50 === 0 ? 503 : 200, ms: 400 }],
    })),
    quiet(10),
  );
  assert.deepEqual(bad?.troubles, [
    "6 of 300 health checks failed",
    "units were begun anew 2 times",
    "memory grew from 130 to 369 MB",
    "95 of 100 health checks took up to 400 ms, before it 20 ms",
  ]);
});
