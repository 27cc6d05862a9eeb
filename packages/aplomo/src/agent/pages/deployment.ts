import { deploymentFolder, readInputs, summarise } from "../../deploy/deployments.ts";
import { readJournal, type Entry } from "../../deploy/journal.ts";
import { formatDuration } from "../../base/time.ts";
import type { Evidence, FailureNote } from "../../base/events.ts";
import { markdownReport } from "../../report/markdown.ts";
import type { AppView } from "../view.ts";
import { outcome } from "./deployments.ts";
import { html, type Html } from "./html.ts";
import type { Page } from "./layout.ts";
import { prose, state, table, time } from "./parts.ts";

/** A deployment as it runs, and afterwards: phases, steps, evidence, what was said last. */
export async function deploymentPage({ registered: { app }, paths }: AppView, id: string): Promise<Page | undefined> {
  if (!/^d\d+$/.test(id)) return undefined;
  const entries = readJournal(deploymentFolder(paths, id));
  const summary = summarise(id, entries);
  if (!summary) return undefined;
  const inputs = await readInputs(paths, id);
  const words = `${id}: ${summary.outcome ?? "under way, or interrupted"}`;
  const body = html`<p>${outcome(summary.outcome)}</p>
    <dl>
      <dt>What</dt>
      <dd>
        ${summary.action}
        ${summary.release}${summary.previous === null ? null : html`, after <a href="/apps/${app}/compare?from=${summary.previous}&to=${summary.release}">${summary.previous}</a>`}
      </dd>
      <dt>Begun</dt>
      <dd>${time(summary.startedAt)}</dd>
      <dt>Took</dt>
      <dd>${summary.durationMs === undefined ? "not ended yet" : formatDuration(summary.durationMs)}</dd>
      ${
        inputs
          ? html`<dt>Data</dt>
              <dd>${inputs.facts.changeReason}</dd>`
          : null
      }
    </dl>
    ${failures(entries)}
    <h2>Steps</h2>
    ${table("Steps, in order", ["Step", "Phase", "State", { name: "Took", number: true }, "Evidence"], steps(entries), "no step was begun")}
    <h2>Report</h2>
    <details id="report">
      <summary>As text</summary>
      <pre tabindex="0">${markdownReport(entries)}</pre>
    </details>`;
  return { title: `${app} ${id}`, app, place: "/deployments", state: words, body };
}

function steps(entries: readonly Entry[]): (Html | string | null)[][] {
  return entries.flatMap((entry): (Html | string | null)[][] => {
    if (entry.type !== "step.started" && entry.type !== "undo.started") return [];
    const isUndo = entry.type === "undo.started";
    const end = entries.find((other) => other.seq > entry.seq && "step" in other && other.step === entry.step && isEnd(other.type, isUndo));
    const failed = end?.type === "step.failed" || end?.type === "undo.failed";
    const done = end?.type === "step.ended" || end?.type === "undo.ended";
    const word = done ? (isUndo ? "taken back" : "done") : failed ? "failed" : "under way";
    const took = end && "durationMs" in end ? formatDuration(end.durationMs) : null;
    return [
      [
        html`${entry.title}<br /><span class="quiet">${entry.step}</span>`,
        isUndo ? "undo" : entry.phase,
        state(done ? true : failed ? false : null, word),
        took,
        done ? evidence(end.evidence, `e${entry.seq}`) : null,
      ],
    ];
  });
}

function isEnd(type: string, isUndo: boolean): boolean {
  return isUndo ? type === "undo.ended" || type === "undo.failed" : type === "step.ended" || type === "step.failed";
}

function evidence(found: Evidence, id: string): Html | null {
  const names = Object.keys(found);
  if (names.length === 0) return null;
  return html`<details id="${id}">
    <summary>${names.slice(0, 3).join(", ")}</summary>
    <pre tabindex="0">${JSON.stringify(found, null, 1)}</pre>
  </details>`;
}

function failures(entries: readonly Entry[]): Html[] {
  return entries.flatMap((entry) => {
    if (entry.type !== "step.failed" && entry.type !== "undo.failed") return [];
    return [
      html`<h2 class="bad">${entry.type === "step.failed" ? "Failed" : "Could not be undone"}: ${entry.step}</h2>
        ${failure(entry.failure)}`,
    ];
  });
}

function failure({ message, hint, evidence: seen }: FailureNote): Html {
  const log = seen?.["log"] ?? seen?.["output"];
  return html`<p>${prose(message)}</p>
    ${hint ? html`<p><strong>Next:</strong> ${prose(hint)}</p>` : null}${
      typeof log === "string" ? html`<pre tabindex="0" aria-label="What it said last">${log}</pre>` : null
    }`;
}
