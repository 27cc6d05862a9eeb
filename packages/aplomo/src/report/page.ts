import { formatDuration } from "../base/time.ts";
import type { Entry } from "../deploy/journal.ts";
import { checklist, explained, marks, type Item, type Watched } from "./checklist.ts";
import { groups } from "./checks.ts";
import { head, failuresOf, stepRows } from "./facts.ts";
import { html, type Html } from "./html.ts";
import type { Say } from "./lang/say.ts";
import { rehearsalEvidence, rehearsalRows } from "./rehearsal.ts";
import { style } from "./style.ts";

/** A deployment's report as one file that needs nothing else: to be sent, kept, and printed. */
export function htmlReport(entries: readonly Entry[], say: Say, watched: Watched | null): string {
  const facts = head(entries, say);
  if (!facts) return `<!doctype html><title>Aplomo</title><p>${say("No deployment was started")}</p>\n`;
  const items = checklist(entries, say, watched);
  const page = html`<html lang="${say("en")}">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width,initial-scale=1" />
      <title>${facts.title}</title>
      <style>
        ${{ html: style }}
      </style>
    </head>
    <body>
      <header>
        <p>Aplomo · ${say("deployment report")}</p>
        <h1>${facts.title}</h1>
        <strong class="${facts.outcome ?? "open"}">${say(facts.outcome ?? "under way, or interrupted")}</strong>
      </header>
      <dl>
        ${facts.rows.map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${value.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.\d+Z$/, "$1 $2 UTC")}</dd>
            </div>`,
        )}
      </dl>
      ${failuresOf(entries).map(
        ({ step, message, hint, causes, log }) =>
          html`<section class="failure">
            <h2>${say("Failed")}: ${step}</h2>
            <p>${say(message)}</p>
            ${hint === undefined ? null : html`<p><b>${say("Next")}:</b> ${say(hint)}</p>`}
            ${causes.map((one) => html`<p><b>${one.subject}</b>: ${say(one.message)}<br />${say(one.next)}</p>`)}
            ${log === undefined ? null : html`<pre>${log}</pre>`}
          </section>`,
      )}
      <h2>${say("Checklist")}</h2>
      ${Object.entries(groups).map(([group, title]) =>
        groupTable(
          items.filter((item) => item.group === group),
          say(title),
          say,
        ),
      )}
      ${tableOf(say("Rehearsal"), [], rehearsalRows(rehearsalEvidence(entries), say), "facts")}
      ${tableOf(
        say("Steps"),
        [say("time"), say("step"), say("result"), say("took")],
        stepRows(entries).map(({ time, step, result, ms }) => [time, step, say(result), ms === undefined ? "" : formatDuration(ms)]),
        "steps",
      )}
      <footer>
        <p>${say("Reviewed by")}</p>
        <p>${say("Date")}</p>
      </footer>
    </body>
  </html>`;
  // Lines end where tags do: what a table holds is never broken in the middle.
  return `<!doctype html>\n${page.html.replace(/>\s+</g, ">\n<")}\n`;
}

function groupTable(items: readonly Item[], title: string, say: Say): Html | null {
  if (items.length === 0) return null;
  return html`<table class="checks">
    <caption>
      ${title}
    </caption>
    <tbody>
      ${items.map(
        (item) =>
          html`<tr class="${item.state}">
            <td aria-label="${say(item.state)}">${marks[item.state]}</td>
            <th scope="row">${item.what}</th>
            <td>${explained(item, say)}</td>
            <td>${item.at?.slice(11, 19)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function tableOf(title: string, columns: string[], rows: readonly (readonly string[])[], kind: string): Html | null {
  if (rows.length === 0) return null;
  const names =
    columns.length === 0
      ? null
      : html`<thead>
          <tr>
            ${columns.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>`;
  return html`<h2>${title}</h2>
    <table class="${kind}">
      ${names}
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>`;
}
