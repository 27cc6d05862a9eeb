import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { delay, formatDuration, parseDuration, poll, stamp } from "../../../src/base/time.ts";

describe("parseDuration", () => {
  const right: [text: string | number, ms: number][] = [
    ["500ms", 500],
    ["10s", 10_000],
    ["2m", 120_000],
    ["1h", 3_600_000],
    ["1d", 86_400_000],
    ["1.5s", 1_500],
    ["  3 s ", 3_000],
    ["7", 7_000],
    [7, 7_000],
    [0, 0],
    ["0", 0],
  ];
  for (const [text, ms] of right) it(`reads ${JSON.stringify(text)}`, () => assert.equal(parseDuration(text), ms));
  for (const text of ["", "s", "-1s", "1 minute", "1m30s", "1e3", "١s", Number.NaN, -1, Number.POSITIVE_INFINITY])
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseDuration(text), undefined));
});

it("formatDuration says a duration as a person does, also at the edges", () => {
  const said = [0, 79.6, 999.4, 999.6, 2_400, 59_940, 59_960, 60_000, 185_000, 3_599_900].map(formatDuration);
  assert.deepEqual(said, ["0 ms", "80 ms", "999 ms", "1.0 s", "2.4 s", "59.9 s", "1 min 00 s", "1 min 00 s", "3 min 05 s", "60 min 00 s"]);
});

it("stamp sorts as text and stands in file names", () => {
  assert.equal(stamp(new Date("2026-11-22T15:45:00.999Z")), "20261122_154500");
});

describe("delay", () => {
  it("rejects with the signal's reason, at once when it is aborted already", async () => {
    const stop = new AbortController();
    const waiting = assert.rejects(delay(60_000, stop.signal), /enough/);
    stop.abort(new Error("enough"));
    await waiting;
    await assert.rejects(delay(60_000, stop.signal), /enough/);
  });

  it("leaves no listener behind", async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>): void => (listeners++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>): void => (listeners--, remove(...args));
    await delay(1, signal);
    assert.equal(listeners, 0);
  });
});

describe("poll", () => {
  it("asks at least once, also without any time", async () => {
    assert.equal(await poll(async () => "there", { limit: 0 }), "there");
    assert.equal(await poll(async () => undefined, { limit: 0 }), undefined);
  });

  it("asks until there is an answer; null and false are answers", async () => {
    let asked = 0;
    assert.equal(await poll(async () => (++asked === 3 ? false : undefined), { limit: 60_000, every: 1 }), false);
    assert.equal(asked, 3);
  });

  it("asks a last time when the limit has passed", async () => {
    let asked = 0;
    assert.equal(await poll(async () => void asked++, { limit: 20, every: 15 }), undefined);
    assert.ok(asked >= 2);
  });

  it("ends with what the question throws, and with the signal", async () => {
    await assert.rejects(
      poll(
        async () => {
          throw new Error("lost");
        },
        { limit: 60_000 },
      ),
      /lost/,
    );
    const stop = new AbortController();
    const waiting = assert.rejects(
      poll(async () => undefined, { limit: 60_000, signal: stop.signal }),
      /stop/,
    );
    stop.abort(new Error("stop"));
    await waiting;
  });
});
