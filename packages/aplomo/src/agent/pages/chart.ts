import { html, type Html } from "../../report/html.ts";
import { place, time, whole } from "./parts.ts";

export interface Series {
  title: string;
  /** What it is about, where the title alone does not say. */
  of?: string;
  points: readonly (readonly [at: number, value: number])[];
  /** A value as a person says it. */
  say: (value: number) => string;
  /** The stretch of time it shows; left out: from the first point to the last. */
  from?: number;
  to?: number;
  /** A value that must not be reached. */
  limit?: number | null;
  /** Moments at which another release came in front. */
  releases?: readonly { at: number; release: string }[];
  /** What else there is to say in a few words, and whether it is bad news. */
  remark?: Html | null;
}

const [width, height] = [1_000, 100];

/** A line with its scale, and its lowest, highest and last value in words, which is all a reader without eyes for it needs. */
export function chart({ title, of, points, say, limit = null, releases = [], remark = null, ...span }: Series): Html {
  const name = of === undefined ? html`${title}` : html`<span>${title} <span class="of">${place(of)}</span></span>`;
  const last = points.at(-1);
  if (!last)
    return html`<div class="chart">
      <h3>${name}</h3>
      <p class="quiet">not measured yet</p>
    </div>`;
  const values = points.map(([, value]) => value);
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const [from, to] = [span.from ?? points[0]?.[0] ?? 0, span.to ?? last[0]];
  const top = roundUp(Math.max(high, limit !== null && high > limit / 2 ? limit : 0));
  const bottom = Math.min(0, low);
  const x = (at: number): string => (((at - from) / (to - from || 1)) * width).toFixed(1);
  const y = (value: number): string => (height - ((value - bottom) / (top - bottom || 1)) * height).toFixed(1);
  const words = `lowest ${whole(say(low))}, highest ${whole(say(high))}`;
  const seen = releases.filter(({ at }) => at > from && at < to);
  return html`<div class="chart">
    <h3>${name} <span class="now">${whole(say(last[1]))}</span></h3>
    <div class="plot">
      <div class="scale" aria-hidden="true"><span>${say(top)}</span><span>${say(bottom)}</span></div>
      <svg
        viewBox="0 0 ${width} ${height}"
        preserveAspectRatio="none"
        role="img"
        aria-label="${title}${of === undefined ? "" : ` of ${of}`}: ${words}, last ${say(last[1])}"
      >
        <path class="grid" d="M0,0H${width}M0,${height / 2}H${width}M0,${height}H${width}" />
        ${runsOf(points, to - from).map((run) => line(run, x, y))}
        ${limit !== null && limit <= top ? html`<path class="limit" d="M0,${y(limit)}H${width}" />` : null}
        ${seen.map(({ at }) => html`<path class="mark" d="M${x(at)},0V${height}" />`)}
      </svg>
    </div>
    <p class="span" aria-hidden="true"><span>${time(new Date(from))}</span><span>${time(new Date(to))}</span></p>
    <p class="quiet">
      ${words}${limit === null ? null : `, limit ${whole(say(limit))}`}${remark === null ? null : html`; ${remark}`}${seen.map(
        ({ at, release }) => html`; <span class="came">${release} since ${time(new Date(at))}</span>`,
      )}
    </p>
  </div>`;
}

type Points = Series["points"];

function line(points: Points, x: (at: number) => string, y: (value: number) => string): Html {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return html``;
  const path = points.map(([at, value]) => `${x(at)},${y(value)}`).join("L");
  if (points.length === 1) return html`<path class="dot" d="M${path}h0" />`;
  return html`<path class="area" d="M${x(first[0])},${height}L${path}L${x(last[0])},${height}Z" /><path class="line" d="M${path}" />`;
}

/** Where nothing was measured for a while there is no line: nobody knows what was in between. */
function runsOf(points: Points, span: number): Points[] {
  const gaps = points.slice(1).map(([at], index) => at - (points[index]?.[0] ?? 0));
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  const runs: (readonly [number, number])[][] = [];
  for (const [index, point] of points.entries()) {
    const gap = gaps[index - 1];
    if (gap === undefined || (gap > 2.5 * usual && gap > span / 150)) runs.push([]);
    runs.at(-1)?.push(point);
  }
  return runs;
}

/** Of a table's row: where it went, in the width of a word; its numbers stand beside it. */
export function spark(points: Points): Html {
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const path = values.map((value, index) => {
    const [at, up] = [(index / (values.length - 1 || 1)) * 100, high === low ? 10 : 19 - ((value - low) / (high - low)) * 18];
    return `${at.toFixed(1)},${up.toFixed(1)}`;
  });
  return html`<svg class="spark" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
    <path class="line" d="M${path.join("L")}" />
  </svg>`;
}

/** The next number with one digit that matters, or two. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const step = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8].find((one) => one * step >= value) ?? 10) * step;
}
