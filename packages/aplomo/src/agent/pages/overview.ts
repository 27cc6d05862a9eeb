import { isOpen } from "../incidents.ts";
import { nextSlot } from "../slots.ts";
import type { AppView } from "../view.ts";
import { html, type Html } from "./html.ts";
import type { Page } from "./layout.ts";
import { state, time } from "./parts.ts";

/** Older than this a look says nothing about now. */
const stale = 10 * 60_000;

/** Whether somebody may sleep: all applications at a glance, those in trouble first. */
export function overview(apps: readonly AppView[], now: Date): Page {
  const cards = apps.map((app) => ({ verdict: verdictOf(app, now), card: card(app, now) }));
  const bad = cards.filter(({ verdict }) => verdict.good === false);
  const words = apps.length === 0 ? "no application yet" : bad.length === 0 ? "all is well" : `${bad.length} of ${apps.length} need you`;
  const sorted = cards.toSorted((a, b) => Number(a.verdict.good ?? true) - Number(b.verdict.good ?? true));
  const body =
    apps.length === 0
      ? html`<p>The agent looks after nothing yet: <code>aplomo agent add</code> in an application's folder.</p>`
      : html`<p>${state(bad.length === 0, words)}</p>
          <ul class="cards">
            ${sorted.map((one) => one.card)}
          </ul>`;
  return { title: "Applications", state: words, body };
}

/** What an application is like now, in a word. */
export function verdictOf({ look, ledger }: AppView, now: Date): { good: boolean | null; words: string } {
  if (!look) return { good: null, words: "not looked at yet" };
  if (ledger.incidents.some(isOpen)) {
    const count = ledger.incidents.filter(isOpen).length;
    return { good: false, words: count === 1 ? "an incident is open" : `${count} incidents are open` };
  }
  if (now.getTime() - Date.parse(look.at) > Math.max(stale, 3 * look.every)) return { good: false, words: "nobody has looked for a while" };
  return look.signals.some(({ level }) => level === "error") ? { good: false, words: "something is wrong" } : { good: true, words: "well" };
}

function card(app: AppView, now: Date): Html {
  const { registered, look, newest } = app;
  const verdict = verdictOf(app, now);
  const next = (look?.jobs ?? registered.jobs).flatMap((job) => nextSlot(job, now) ?? []).toSorted((a, b) => a.getTime() - b.getTime())[0];
  return html`<li class="card">
    <h2><a href="/apps/${registered.app}">${registered.app}</a></h2>
    <p>${state(verdict.good, verdict.words)}</p>
    <dl>
      <dt>Release</dt>
      <dd>${look?.sample.release ?? "none"}</dd>
      <dt>Last deployment</dt>
      <dd>${newest ? html`${newest.id}: ${newest.outcome ?? "under way"}, ${time(newest.startedAt)}` : "none"}</dd>
      <dt>Proven backup</dt>
      <dd>${time(look?.proven)}</dd>
      <dt>Next run</dt>
      <dd>${time(next)}</dd>
      <dt>Running</dt>
      <dd>${look?.running ?? "nothing"}</dd>
    </dl>
  </li>`;
}
