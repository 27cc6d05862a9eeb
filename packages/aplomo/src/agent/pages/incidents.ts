import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { formatDuration } from "../../base/time.ts";
import { readIfPresent } from "../../host/files.ts";
import { isOpen, type Incident } from "../incidents.ts";
import type { Verdict } from "../verdict.ts";
import type { AppView } from "../view.ts";
import { html, type Html } from "../../report/html.ts";
import type { Page } from "./layout.ts";
import { ago, count, findings, size, span, state, table, time } from "./parts.ts";

/** What was wrong, and how releases did in their first 24 hours. */
export async function incidentsPage({ registered: { app }, ledger, watch }: AppView, now: Date): Promise<Page> {
  const { incidents } = ledger;
  const open = incidents.filter(isOpen);
  const words = open.length === 0 ? "no incident is open" : `${open.length} open`;
  const over = incidents.filter((one) => !isOpen(one));
  const verdicts = await readVerdicts(watch.verdicts);
  const body = html`${open.map((one) => incident(one, now))}
    <h2>Over</h2>
    ${over.length === 0 ? html`<p class="empty">There was none yet.</p>` : over.map((one) => incident(one, now))}
    <h2>The first 24 hours of each release</h2>
    ${table(
      "Verdicts, newest first",
      [
        "Release",
        "Verdict",
        { name: "Looks", number: true },
        { name: "Failed checks", number: true },
        { name: "Restarts", number: true },
        "Memory",
        "Until",
      ],
      verdicts.map((one) => [
        one.release,
        one.good ? state(true, "good") : html`${state(false, "bad")} ${one.troubles.join("; ")}`,
        count(one.looks),
        `${count(one.failed.times)} of ${count(one.failed.of)}`,
        one.restarts,
        one.memory ? `${size(one.memory.first)} to ${size(one.memory.last)}` : null,
        time(one.until),
      ]),
      "No release has been in front for 24 hours yet.",
    )}`;
  return { title: `Incidents of ${app}`, app, place: "/incidents", state: `${app}: ${words}`, lead: state(open.length === 0, words), body };
}

function incident({ id, openedAt, overAt, told, troubles }: Incident, now: Date): Html {
  const lasted = (Date.parse(overAt ?? "") || now.getTime()) - Date.parse(openedAt);
  return html`<details class="card ${overAt === null ? "bad" : ""}" id="${id}" ${overAt === null ? html`open` : null}>
    <summary>
      <strong>${id}</strong> ${overAt === null ? html`<span class="bad">open</span>` : "over"}:
      ${troubles[0]?.subject ?? ""}${troubles.length > 1 ? ` and ${troubles.length - 1} more` : ""}
      <span class="quiet"
        >${overAt === null ? html`since ${ago(openedAt, now)}` : html`${time(openedAt)}, for ${lasted < 60_000 ? formatDuration(lasted) : span(lasted)}`}</span
      >
    </summary>
    <p class="quiet">
      ${told.problem === null ? "told to nobody yet" : html`told ${time(told.problem)}`}${told.over === null ? null : html`, its end ${time(told.over)}`}
    </p>
    ${findings(troubles)}
  </details>`;
}

async function readVerdicts(folder: string): Promise<Verdict[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const found = await Promise.all(names.filter((name) => /^r\d+-\d+\.json$/.test(name)).map((name) => readIfPresent(join(folder, name))));
  return found
    .flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as Verdict]))
    .toSorted((a, b) => b.until.localeCompare(a.until));
}
