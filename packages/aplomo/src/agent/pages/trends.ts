import { gather, type Tracks } from "../gather.ts";
import type { AppView } from "../view.ts";
import { chart } from "./chart.ts";
import { html, type Html } from "../../report/html.ts";
import type { Page } from "./layout.ts";
import { count, size } from "./parts.ts";

const day = 24 * 60 * 60_000;
const spans = [1, 7, 31];

/** Response times, memory and restarts, as far back as they are kept. */
export async function trendsPage({ registered: { app }, watch }: AppView, now: Date, days: number): Promise<Page> {
  const chosen = spans.find((one) => one === days) ?? 7;
  const tracks = await gather(watch.samples, new Date(now.getTime() - chosen * day), now);
  const groups: [string, Html[]][] = [
    ["Response times", tracks.answers.map((one) => answerChart(one, tracks))],
    ["Memory", tracks.memory.map((one) => memoryChart(one, tracks))],
    ["Restarts", tracks.restarts.map((one) => restartChart(one, tracks))],
  ];
  const body = html`${spanChoice(`/apps/${app}/trends`, chosen)}
  ${groups.map(
    ([name, charts]) =>
      html`<h2>${name}</h2>
        ${charts.length === 0 ? html`<p class="empty">Nothing was measured in this time.</p>` : html`<div class="cards charts">${charts}</div>`}`,
  )}`;
  return { title: `Trends of ${app}`, app, place: "/trends", state: `${app}: the last ${words(chosen)}`, body };
}

/** Links to the same page over another stretch of time. */
export function spanChoice(path: string, chosen: number): Html {
  return html`<p class="choice">
    <span class="quiet">The last</span>
    ${spans.map((one) => html`<a href="${path}?days=${one}" ${one === chosen ? html`aria-current="true"` : null}>${words(one)}</a>`)}
  </p>`;
}

function words(days: number): string {
  return days === 1 ? "24 hours" : `${days} days`;
}

export function answerChart({ name, points, asked, failed }: Tracks["answers"][number], { from, to, releases }: Tracks): Html {
  const remark =
    failed === 0
      ? html`${asked === 1 ? "the one answer was good" : `all ${count(asked)} answers good`}`
      : html`<span class="bad">${count(failed)} of ${count(asked)} not answered well</span>`;
  return chart({ title: "Response time", of: name, points, say: (ms) => `${count(Math.round(ms))} ms`, from, to, releases, remark });
}

export function memoryChart({ name, points, limit }: Tracks["memory"][number], { from, to, releases }: Tracks): Html {
  return chart({ title: "Memory", of: name, points, say: size, from, to, limit, releases });
}

export function restartChart({ name, points }: Tracks["restarts"][number], { from, to, releases }: Tracks): Html {
  return chart({ title: "Restarts", of: name, points, say: count, from, to, releases });
}
