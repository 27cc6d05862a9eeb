import { formatDuration } from "../../base/time.ts";
import type { Evidence, Json } from "../../base/events.ts";
import { deploymentFolder, summarise } from "../../deploy/deployments.ts";
import { readJournal } from "../../deploy/journal.ts";
import { rehearsalEvidence, strongLocks, verdictMeaning, wayRow } from "../../report/rehearsal.ts";
import { text } from "../../report/value.ts";
import type { AppView } from "../view.ts";
import { html, type Html } from "../../report/html.ts";
import type { Page } from "./layout.ts";
import { facts, state, table, tiles, time } from "./parts.ts";

/** What a release did to a copy of the data before production was touched: rows, schema, locks, and which releases worked on it. */
export function rehearsalPage({ registered: { app }, paths }: AppView, id: string): Page | undefined {
  if (!/^d\d+$/.test(id)) return undefined;
  const entries = readJournal(deploymentFolder(paths, id));
  const summary = summarise(id, entries);
  const evidence = rehearsalEvidence(entries);
  if (!summary || !evidence) return undefined;
  const verdict = text(evidence["verdict"]);
  const changes = changesOf(evidence["rows"]);
  const schema = changesOf(evidence["schema"]);
  const locks = strongLocks(evidence);
  const duration = (name: string): string => formatDuration(Number(evidence[name] ?? 0));
  const body = html`<p class="banner ${verdict === "refused" ? "bad" : verdict === "breaking" ? "warn" : "good"}">
      <strong>${verdict}</strong>: ${verdictMeaning(evidence)}.
    </p>
    ${tiles([
      ["Release", summary.release, summary.previous === null ? "the first one" : `after ${summary.previous}`],
      ["Restoring the copy", duration("restoredMs")],
      ["Changing it", duration("changedMs")],
      ...wayRow(evidence).map(([, words]) => ["In production the data changes", words] as const),
    ])}
    <h2>On the migrated copy</h2>
    ${facts([
      ["New release", worked(evidence["newRelease"])],
      ["Current release", evidence["currentRelease"] === undefined ? "there is none" : worked(evidence["currentRelease"])],
      ...lines(evidence, "mayNotWrite", "What the current release may not read or write"),
      ...lines(evidence, "drift", "Schema and migrations differ"),
      ...lines(evidence, "couldReach", "It could reach"),
    ])}
    <h2>Rows</h2>
    ${table(
      "Tables whose number of rows changed",
      ["Database", "Table", "Rows"],
      changes.map(([database, name, words]) => [
        database,
        name,
        lost(words) ? html`<span class="warn">${arrow(words)}</span>` : arrow(words),
      ]),
      "Every table has as many rows as before.",
    )}
    <h2>Schema</h2>
    ${table("Parts of the schema that changed", ["Database", "Part", "Change"], schema, "The schema is as before.")}
    <h2>Strong locks</h2>
    ${table(
      "Locks behind which requests would wait, longest first",
      ["Table", "Lock", { name: "Held", number: true }, "Statement"],
      locks.map(({ table: name, mode, ms, statement }) => [name, mode, formatDuration(ms), html`<code>${statement}</code>`]),
      "None was seen on a table that was there before.",
    )}
    <p><a href="/apps/${app}/deployments/${id}">The deployment, ${id}</a>, begun ${time(summary.startedAt)}</p>`;
  return {
    title: `Rehearsal of ${summary.release}`,
    app,
    place: "/deployments",
    state: `${app}: rehearsal of ${summary.release}: ${verdict}`,
    lead: state(verdict === "compatible" ? true : verdict === "refused" ? false : null, verdict),
    body,
  };
}

/** `patients: 12 -> 9`, by database, as `rowChanges` says it: the table, and what became of it. */
function changesOf(found: Json | undefined): [database: string, name: string, words: string][] {
  return Object.entries((found ?? {}) as Record<string, string[]>).flatMap(([database, all]) =>
    all.map((line): [string, string, string] => {
      const place = line.indexOf(": ");
      return place === -1 ? [database, line, ""] : [database, line.slice(0, place), line.slice(place + 2)];
    }),
  );
}

const arrow = (words: string): string => words.replace(" -> ", " → ");

function lost(words: string): boolean {
  const [, from, to] = /^(\d+) -> (\d+)$/.exec(words) ?? [];
  return words.startsWith("gone") || Number(to) < Number(from);
}

function worked(found: Json | undefined): Html {
  const words = text(found);
  const good = words.startsWith("works") ? true : words === "was not booted" ? null : false;
  return state(good, words);
}

function lines(evidence: Evidence, name: string, label: string): [string, Html][] {
  const found = evidence[name];
  if (!Array.isArray(found) || found.length === 0) return [];
  return [
    [
      label,
      html`<ul>
        ${found.map((one) => html`<li>${typeof one === "string" ? one : JSON.stringify(one)}</li>`)}
      </ul>`,
    ],
  ];
}
