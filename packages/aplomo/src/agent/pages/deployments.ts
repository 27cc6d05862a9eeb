import type { Summary } from "../../deploy/deployments.ts";
import { formatDuration } from "../../base/time.ts";
import { listReleases } from "../../deploy/releases.ts";
import { listSummaries, type AppView } from "../view.ts";
import { chart } from "./chart.ts";
import { choosePair } from "./compare.ts";
import { html, type Html } from "../../report/html.ts";
import type { Page } from "./layout.ts";
import { state, table, tiles, time, turn, whole } from "./parts.ts";

const perPage = 50;

/** History, a page at a time. */
export async function deploymentsPage({ registered: { app }, paths }: AppView, from: number): Promise<Page> {
  const [found, releases] = await Promise.all([listSummaries(paths, from, perPage + 1), listReleases(paths)]);
  const shown = found.slice(0, perPage);
  const body = html`${shown.length === 0 ? null : numbers(shown)} ${deploymentTable(app, shown)}
  ${turn(from, perPage, found.length > perPage)}
  ${
    releases.length < 2
      ? null
      : html`<h2>Compare releases</h2>
          ${choosePair(app, releases.map(({ id }) => id).toReversed())}`
  }`;
  return { title: `Deployments of ${app}`, app, place: "/deployments", state: `${app}: deployments`, body };
}

function numbers(shown: readonly Summary[]): Html {
  const ended = shown.filter(({ outcome: word }) => word !== undefined);
  const good = ended.filter(({ outcome: word }) => isGood(word));
  const times = good.flatMap(({ durationMs }) => durationMs ?? []).toSorted((a, b) => a - b);
  const middle = times[Math.floor(times.length / 2)];
  const points = good
    .toReversed()
    .flatMap(({ startedAt, durationMs }) => (durationMs === undefined ? [] : [[Date.parse(startedAt), durationMs] as const]));
  return html`${tiles([
      ["On this page", String(shown.length)],
      ["Went well", ended.length === 0 ? "–" : `${Math.round((100 * good.length) / ended.length)} %`, `${good.length} of ${ended.length}`],
      ["Half took less than", middle === undefined ? "–" : whole(formatDuration(middle))],
    ])}
    ${
      points.length < 3
        ? null
        : html`<h2>How long they took</h2>
            <div class="cards wide-cards">${chart({ title: "Those that went well", points, say: formatDuration })}</div>`
    }
    <h2>Newest first</h2>`;
}

export function deploymentTable(app: string, deployments: readonly Summary[]): Html {
  return table(
    `Deployments of ${app}, newest first`,
    ["Deployment", "What", "Release", "Outcome", { name: "Took", number: true }, "Begun"],
    deployments.map((one) => [
      html`<a class="strong" href="/apps/${app}/deployments/${one.id}">${one.id}</a>`,
      one.action,
      one.previous === null
        ? one.release
        : html`${one.release} <a href="/apps/${app}/compare?from=${one.previous}&to=${one.release}">after ${one.previous}</a>`,
      html`${outcome(one.outcome)}${one.failedStep === null ? null : html` <span class="quiet">at ${one.failedStep}</span>`}`,
      one.durationMs === undefined ? null : formatDuration(one.durationMs),
      time(one.startedAt),
    ]),
    "Nothing was deployed yet.",
    true,
  );
}

function isGood(word: string | undefined): boolean {
  return word === "deployed" || word === "rehearsed";
}

export function outcome(word: string | undefined): Html {
  return state(word === undefined ? null : isGood(word), word ?? "under way, or interrupted");
}
