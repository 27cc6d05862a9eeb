import type { Summary } from "../../deploy/deployments.ts";
import { formatDuration } from "../../base/time.ts";
import { listSummaries, type AppView } from "../view.ts";
import { html, type Html } from "./html.ts";
import type { Page } from "./layout.ts";
import { state, table, time } from "./parts.ts";

const perPage = 50;

/** History, a page at a time. */
export async function deploymentsPage({ registered: { app }, paths }: AppView, from: number): Promise<Page> {
  const found = await listSummaries(paths, from, perPage + 1);
  const older = found.length > perPage ? html`<a href="?from=${from + perPage}">Older</a>` : null;
  const newer = from > 0 ? html`<a href="?from=${Math.max(0, from - perPage)}">Newer</a>` : null;
  const body = html`${deploymentTable(app, found.slice(0, perPage))}
    <p class="actions">${newer} ${older}</p>`;
  return { title: `Deployments of ${app}`, app, place: "/deployments", state: `${app}: deployments`, body };
}

export function deploymentTable(app: string, deployments: readonly Summary[]): Html {
  return table(
    `Deployments of ${app}, newest first`,
    ["Deployment", "What", "Release", "Outcome", { name: "Took", number: true }, "Failed step", "Begun"],
    deployments.map((one) => [
      html`<a href="/apps/${app}/deployments/${one.id}">${one.id}</a>`,
      one.action,
      one.previous === null
        ? one.release
        : html`${one.release} <a href="/apps/${app}/compare?from=${one.previous}&to=${one.release}">after ${one.previous}</a>`,
      outcome(one.outcome),
      one.durationMs === undefined ? null : formatDuration(one.durationMs),
      one.failedStep,
      time(one.startedAt),
    ]),
    "nothing was deployed yet",
  );
}

export function outcome(word: string | undefined): Html {
  return state(word === undefined ? null : word === "deployed" || word === "rehearsed", word ?? "under way, or interrupted");
}
