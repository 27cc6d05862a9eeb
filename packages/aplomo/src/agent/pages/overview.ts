import { formatDuration } from "../../base/time.ts";
import { isOpen } from "../incidents.ts";
import { nextSlot } from "../slots.ts";
import type { AppView } from "../view.ts";
import { outcome } from "./deployments.ts";
import { html, type Html } from "../../report/html.ts";
import type { Page } from "./layout.ts";
import { ago, facts, findings, state, table, whole } from "./parts.ts";

/** Older than this a look says nothing about now. */
const stale = 10 * 60_000;

/** Whether somebody may sleep: what needs them first, with what to do; then everything that is well, a line each. */
export function overview(apps: readonly AppView[], now: Date): Page {
  const all = apps.map((app) => ({ app, verdict: verdictOf(app, now) }));
  const bad = all.filter(({ verdict }) => verdict.good === false);
  const others = all.filter(({ verdict }) => verdict.good !== false);
  const unseen = all.filter(({ verdict }) => verdict.good === null).length;
  const good = bad.length > 0 ? false : unseen > 0 || apps.length === 0 ? null : true;
  const words = wordsOf(apps.length, bad.length, unseen);
  const looked = apps.map(({ look }) => look?.at ?? "").reduce((newest, at) => (at > newest ? at : newest), "");
  const body =
    apps.length === 0
      ? html`<div class="empty">
          <p>The agent looks after nothing yet.</p>
          <p>In an application's folder, <code>aplomo agent add</code> has it look after that one.</p>
        </div>`
      : html`<p class="quiet of-all">
            ${apps.length === 1 ? "One application" : `${apps.length} applications`}${looked === "" ? null : html`, looked at ${ago(looked, now)}`}
          </p>
          ${
            bad.length === 0
              ? null
              : html`<ul class="cards wide-cards">
                  ${bad.map(({ app, verdict }) => card(app, verdict.words, now))}
                </ul>`
          }
          ${bad.length > 0 && others.length > 0 ? html`<h2>The others</h2>` : null}
          ${
            others.length === 0
              ? null
              : table(
                  "Applications without an open incident",
                  ["Application", "State", "Release", "Last deployment", "Proven backup", "Next run"],
                  others.map(({ app, verdict }) => row(app, verdict, now)),
                  "",
                  true,
                )
          }`;
  return { title: "Applications", state: words, lead: state(good, words), body };
}

function wordsOf(apps: number, bad: number, unseen: number): string {
  if (apps === 0) return "no application yet";
  if (bad > 0) return `${bad} of ${apps} ${bad === 1 ? "needs" : "need"} you`;
  if (unseen === 0) return "all is well";
  return unseen === apps ? "not looked at yet" : `${unseen} of ${apps} not looked at yet`;
}

export interface Verdict {
  good: boolean | null;
  words: string;
}

/** What an application is like now, in a word. */
export function verdictOf({ look, ledger }: AppView, now: Date): Verdict {
  if (!look) return { good: null, words: "not looked at yet" };
  if (ledger.incidents.some(isOpen)) {
    const count = ledger.incidents.filter(isOpen).length;
    return { good: false, words: count === 1 ? "an incident is open" : `${count} incidents are open` };
  }
  if (now.getTime() - Date.parse(look.at) > Math.max(stale, 3 * look.every)) return { good: false, words: "nobody has looked for a while" };
  return look.signals.some(({ level }) => level === "error") ? { good: false, words: "something is wrong" } : { good: true, words: "well" };
}

export function nextRun({ look, registered }: AppView, now: Date): Date | undefined {
  const slots = (look?.jobs ?? registered.jobs).flatMap((job) => nextSlot(job, now) ?? []);
  return slots.toSorted((a, b) => a.getTime() - b.getTime())[0];
}

function card(app: AppView, words: string, now: Date): Html {
  const { registered, look, ledger } = app;
  const open = ledger.incidents.filter(isOpen);
  const troubles = open.length > 0 ? open.flatMap((incident) => incident.troubles) : (look?.signals ?? []);
  const first = troubles.toSorted((a, b) => Number(a.level === "warning") - Number(b.level === "warning")).slice(0, 2);
  const since = open.at(-1)?.openedAt;
  return html`<li class="card bad">
    <h2><a href="/apps/${registered.app}">${registered.app}</a></h2>
    <p>${state(false, words)}${since === undefined ? null : html` <span class="quiet">${ago(since, now)}</span>`}</p>
    ${first.length === 0 ? null : findings(first)}
    ${troubles.length > first.length ? html`<p><a href="/apps/${registered.app}">and ${troubles.length - first.length} more</a></p>` : null}
    ${facts([
      ["Release", look?.sample.release ?? "none"],
      ["Last deployment", deployed(app, now)],
      ["Proven backup", ago(look?.proven, now)],
      ["Next run", nextRun(app, now) ? ago(nextRun(app, now), now) : html`<span class="quiet">none</span>`],
      ...(look?.running ? ([["Running", look.running]] as const) : []),
    ])}
  </li>`;
}

function row(app: AppView, { good, words }: Verdict, now: Date): (Html | string | null)[] {
  const { registered, look } = app;
  const next = nextRun(app, now);
  return [
    html`<a class="strong" href="/apps/${registered.app}">${registered.app}</a>`,
    html`${state(good, words)}${look?.running ? html`<br /><span class="quiet">${look.running.split(" since")[0] ?? ""} under way</span>` : null}`,
    look?.sample.release ?? null,
    deployed(app, now),
    ago(look?.proven, now),
    next ? ago(next, now) : null,
  ];
}

function deployed({ registered: { app }, newest }: AppView, now: Date): Html {
  if (!newest) return html`<span class="quiet">none</span>`;
  return html`<a href="/apps/${app}/deployments/${newest.id}">${newest.id}</a> ${outcome(newest.outcome)}
    <span class="quiet"
      >${ago(newest.startedAt, now)}${newest.durationMs === undefined ? null : `, took ${whole(formatDuration(newest.durationMs))}`}</span
    >`;
}
