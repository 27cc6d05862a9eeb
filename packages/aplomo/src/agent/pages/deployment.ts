import { deploymentFolder, readInputs, summarise } from "../../deploy/deployments.ts";
import { readJournal, type Entry } from "../../deploy/journal.ts";
import { formatDuration } from "../../base/time.ts";
import type { CauseNote, FailureNote } from "../../base/events.ts";
import { markdownReport } from "../../report/markdown.ts";
import { rehearsalEvidence } from "../../report/rehearsal.ts";
import { text } from "../../report/value.ts";
import type { AppView } from "../view.ts";
import { outcome } from "./deployments.ts";
import { html, type Html } from "../../report/html.ts";
import type { Page } from "./layout.ts";
import { findings, prose, tiles, time } from "./parts.ts";
import { phaseList } from "./steps.ts";

/** A deployment as it runs, and afterwards: phases, steps, evidence, what was said last. */
export async function deploymentPage({ registered: { app }, paths }: AppView, id: string): Promise<Page | undefined> {
  if (!/^d\d+$/.test(id)) return undefined;
  const entries = readJournal(deploymentFolder(paths, id));
  const summary = summarise(id, entries);
  if (!summary) return undefined;
  const inputs = await readInputs(paths, id);
  const rehearsal = rehearsalEvidence(entries);
  const words = `${id}: ${summary.outcome ?? "under way, or interrupted"}`;
  const compared =
    summary.previous === null
      ? null
      : html`after <a href="/apps/${app}/compare?from=${summary.previous}&to=${summary.release}">${summary.previous}</a>`;
  const body = html`${tiles([
      ["What", `${summary.action} ${summary.release}`, compared],
      ["Begun", time(summary.startedAt)],
      ["Took", summary.durationMs === undefined ? "not ended yet" : formatDuration(summary.durationMs)],
      ...(rehearsal
        ? ([
            ["Rehearsal", html`<a href="/apps/${app}/rehearsals/${id}">${text(rehearsal["verdict"])}</a>`, "on a copy of the data"],
          ] as const)
        : []),
    ])}
    ${inputs ? html`<p class="quiet">Data: ${inputs.facts.changeReason}.</p>` : null} ${failures(entries)}
    <h2>Steps</h2>
    ${phaseList(entries)}
    <h2>Report</h2>
    <details id="report">
      <summary>As text</summary>
      <pre tabindex="0">${markdownReport(entries)}</pre>
    </details>`;
  return { title: `${app} ${id}`, app, place: "/deployments", state: words, lead: outcome(summary.outcome), body };
}

function failures(entries: readonly Entry[]): Html[] {
  return entries.flatMap((entry) => {
    if (entry.type !== "step.failed" && entry.type !== "undo.failed") return [];
    return [
      html`<section class="card bad failure">
        <h2>${entry.type === "step.failed" ? "Failed" : "Could not be undone"}: ${entry.step}</h2>
        ${failure(entry.failure)}
      </section>`,
    ];
  });
}

function failure({ message, hint, evidence: seen, causes = [] }: FailureNote): Html {
  const log = seen?.["log"] ?? seen?.["output"];
  return html`<p>${prose(message)}</p>
    ${hint ? html`<p class="next"><span>Next</span> ${prose(hint)}</p>` : null}
    ${
      causes.length === 0
        ? null
        : html`<h3>Why, as the doctor sees it</h3>
            ${findings(causes.map(asError))}`
    }
    ${typeof log === "string" ? html`<pre tabindex="0" aria-label="What it said last">${log}</pre>` : null}`;
}

function asError(cause: CauseNote): CauseNote & { level: "error" } {
  return { ...cause, level: "error" };
}
