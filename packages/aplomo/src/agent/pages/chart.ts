import { html, type Html } from "./html.ts";

export interface Series {
  title: string;
  points: readonly (readonly [at: number, value: number])[];
  /** A value as a person says it. */
  say: (value: number) => string;
}

const most = 300;

/** A line with its lowest, highest and last value in words, which is all a reader without eyes for it needs. */
export function chart({ title, points, say }: Series): Html {
  const last = points.at(-1);
  if (!last || points.length < 2)
    return html`<div class="chart">
      <h3>${title}</h3>
      <p class="quiet">not measured yet</p>
    </div>`;
  const values = points.map(([, value]) => value);
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const words = `lowest ${say(low)}, highest ${say(high)}, last ${say(last[1])}`;
  const [from, to] = [points[0]?.[0] ?? 0, last[0]];
  const line = thin(points)
    .map(
      ([at, value]) =>
        `${(((at - from) / (to - from || 1)) * 1_000).toFixed(0)},${(95 - ((value - Math.min(0, low)) / (high - Math.min(0, low) || 1)) * 90).toFixed(1)}`,
    )
    .join(" ");
  return html`<div class="chart">
    <h3>${title}</h3>
    <svg class="line" viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="${title}: ${words}">
      <polyline points="${line}" />
    </svg>
    <p class="quiet">${words}</p>
  </div>`;
}

/** As many points as can be seen: of each stretch its highest, for that is what one looks for. */
function thin(points: Series["points"]): Series["points"] {
  const stretch = Math.ceil(points.length / most);
  if (stretch === 1) return points;
  const found: (readonly [number, number])[] = [];
  for (let index = 0; index < points.length; index += stretch)
    found.push(points.slice(index, index + stretch).reduce((highest, point) => (point[1] > highest[1] ? point : highest)));
  return found;
}
