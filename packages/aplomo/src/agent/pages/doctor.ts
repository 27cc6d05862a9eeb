import { readIfPresent } from "../../host/files.ts";
import { lastEvent, newestRuns } from "../runs.ts";
import type { AppView } from "../view.ts";
import type { Diagnosed } from "../watch.ts";
import { html, type Html } from "../../report/html.ts";
import type { Page } from "./layout.ts";
import { ago, findings, state } from "./parts.ts";
import { runState } from "./app.ts";

/** The doctor's newest findings: it is asked when an incident begins, and by whoever wants to know. */
export async function doctorPage(app: AppView, now: Date, mayAct: boolean): Promise<Page> {
  const name = app.registered.app;
  const [kept, [asked]] = await Promise.all([newest(app), newestRuns(app.watch.runs, 1, ({ job }) => job === "doctor")]);
  const errors = kept?.findings.filter(({ level }) => level === "error").length ?? 0;
  const words = !kept
    ? "not asked yet"
    : errors > 0
      ? errors === 1
        ? "a cause of trouble"
        : `${errors} causes of trouble`
      : "no cause of trouble";
  const body = html`<p class="quiet">
      <code>aplomo doctor</code> looks at the application once, changes nothing, and tells causes with what shows each. It is asked when an
      incident begins.
    </p>
    ${asked && asked.endedAt === null ? html`<p class="banner">It looks right now: <a href="/apps/${name}/runs/${asked.id}">${runState(asked)}</a></p>` : null}
    ${kept ? told(kept) : null}`;
  return {
    title: `Doctor of ${name}`,
    app: name,
    place: "/doctor",
    state: `${name}: ${words}`,
    lead: html`${state(kept ? errors === 0 : null, words)}${kept ? html` <span class="quiet">asked ${ago(kept.at, now)}</span>` : null}`,
    acts: mayAct ? html`<a class="button" href="/apps/${name}/act/doctor">Ask the doctor now</a>` : null,
    body,
  };
}

function told({ findings: found, asked, unseen }: Diagnosed): Html {
  const shown = found.map((one) => ({ ...one, subject: `${one.subject} (${one.rule})` }));
  return html`${findings(shown, `none of the ${asked} causes that were looked for`)}
  ${
    unseen.length === 0
      ? null
      : html`<h2>What could not be looked at</h2>
          ${findings(unseen.map(({ part, message, hint }) => ({ level: "warning" as const, subject: part, message, next: hint })))}`
  }`;
}

async function newest({ watch }: AppView): Promise<Diagnosed | undefined> {
  const text = await readIfPresent(watch.diagnosis);
  const kept = text === undefined ? undefined : (JSON.parse(text) as Diagnosed);
  const [run] = await newestRuns(watch.runs, 1, ({ job }) => job === "doctor");
  const event = run?.endedAt ? await lastEvent(run.folder, "result") : undefined;
  if (!run?.endedAt || !event || (kept && kept.at > run.endedAt.toISOString())) return kept;
  return { ...(event["data"] as Omit<Diagnosed, "at">), at: run.endedAt.toISOString() };
}
