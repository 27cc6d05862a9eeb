import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { formatDuration } from "../../base/time.ts";
import { readIfPresent } from "../../host/files.ts";
import { isOpen } from "../incidents.ts";
import type { Verdict } from "../verdict.ts";
import type { AppView } from "../view.ts";
import { html } from "./html.ts";
import type { Page } from "./layout.ts";
import { findings, state, table, time } from "./parts.ts";

/** What was wrong, and how releases did in their first 24 hours. */
export async function incidentsPage({ registered: { app }, ledger, watch }: AppView): Promise<Page> {
  const { incidents } = ledger;
  const open = incidents.filter(isOpen).length;
  const words = open === 0 ? "no incident is open" : `${open} open`;
  const body = html`<p>${state(open === 0, words)}</p>
    ${incidents.map(
      (one) =>
        html`<h2>${one.id}: ${isOpen(one) ? html`<span class="bad">open</span>` : "over"}</h2>
          <p class="quiet">
            since
            ${time(one.openedAt)}${
              one.overAt === null ? null : html`, for ${formatDuration(Date.parse(one.overAt) - Date.parse(one.openedAt))}`
            };
            ${one.told.problem === null ? "told to nobody yet" : html`told ${time(one.told.problem)}`}
          </p>
          ${findings(one.troubles)}`,
    )}
    <h2>The first 24 hours of each release</h2>
    ${table(
      "Verdicts, newest first",
      [
        "Release",
        "Verdict",
        { name: "Looks", number: true },
        { name: "Failed checks", number: true },
        { name: "Restarts", number: true },
        "Until",
      ],
      (await readVerdicts(watch.verdicts)).map((one) => [
        one.release,
        state(one.good, one.good ? "good" : one.troubles.join("; ")),
        one.looks,
        one.failed.times,
        one.restarts,
        time(one.until),
      ]),
      "no release has been in front for 24 hours yet",
    )}`;
  return { title: `Incidents of ${app}`, app, place: "/incidents", state: `${app}: ${words}`, body };
}

async function readVerdicts(folder: string): Promise<Verdict[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const found = await Promise.all(names.filter((name) => /^r\d+-\d+\.json$/.test(name)).map((name) => readIfPresent(join(folder, name))));
  return found
    .flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as Verdict]))
    .toSorted((a, b) => b.until.localeCompare(a.until));
}
