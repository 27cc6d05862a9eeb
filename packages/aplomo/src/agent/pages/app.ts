import { formatDuration } from "../../base/time.ts";
import { gather } from "../gather.ts";
import { isOpen } from "../incidents.ts";
import { newestRuns, type Run } from "../runs.ts";
import { nextSlot } from "../slots.ts";
import { listSummaries, type AppView } from "../view.ts";
import { deploymentTable, outcome } from "./deployments.ts";
import { html, type Html } from "../../report/html.ts";
import type { Page } from "./layout.ts";
import { nextRun, verdictOf } from "./overview.ts";
import { ago, findings, state, table, tiles, whole } from "./parts.ts";
import { answerChart, memoryChart, restartChart } from "./trends.ts";

const day = 24 * 60 * 60_000;

/** One application now: what is wrong, its units, the last day, what ran and what runs next. */
export async function appPage(app: AppView, now: Date, mayAct: boolean): Promise<Page> {
  const { registered, look, watch, paths } = app;
  const name = registered.app;
  const verdict = verdictOf(app, now);
  const jobs = look?.jobs ?? registered.jobs;
  const [tracks, ran, asked, deployments] = await Promise.all([
    gather(watch.samples, new Date(now.getTime() - day), now),
    Promise.all(jobs.map(async (job) => (await newestRuns(watch.runs, 1, (run) => run.job === job.name))[0])),
    newestRuns(watch.runs, 5, (run) => !jobs.some((job) => job.name === run.job)),
    listSummaries(paths, 0, 5),
  ]);
  const charts = [...tracks.answers.map((one) => answerChart(one, tracks)), ...tracks.memory.map((one) => memoryChart(one, tracks))];
  const body = html`${glance(app, now)} ${look?.running ? html`<p class="banner">Under way: ${look.running}</p>` : null}
    ${
      look && look.signals.length > 0
        ? html`<h2>What is wrong</h2>
            ${findings(look.signals)}`
        : null
    }
    <h2>Units</h2>
    ${table(
      `Units of ${name}`,
      ["Unit", "Service", "Release", "State", "Health", { name: "Restarts", number: true }, "Since"],
      (look?.units ?? []).map((unit) => [
        unit.name,
        unit.service,
        unit.release,
        state(unit.state === "running", unit.state),
        unit.health,
        unit.restarts,
        ago(unit.startedAt, now),
      ]),
      "No unit runs.",
      true,
    )}
    <h2>The last 24 hours</h2>
    ${
      charts.length === 0
        ? html`<p class="empty">Nothing was measured yet.</p>`
        : html`<div class="cards charts">${charts}${tracks.restarts.map((one) => restartChart(one, tracks))}</div>
            <p><a href="/apps/${name}/trends">7 and 31 days</a></p>`
    }
    <h2>Runs</h2>
    ${table(
      "What is done at certain times",
      ["Run", "When", "Last", "Next"],
      jobs.map((job, index) => [
        job.name,
        html`<code>${job.cron}</code> ${job.zone}`,
        lastRun(name, ran[index], now),
        ago(nextSlot(job, now), now),
      ]),
      "Nothing is scheduled: aplomo.yml names no database.",
      true,
    )}
    ${
      asked.length === 0
        ? null
        : table(
            "What was asked for",
            ["Run", "When", "State"],
            asked.map((run) => [html`<a href="/apps/${name}/runs/${run.id}">${run.job}</a>`, ago(run.slot, now), runState(run)]),
            "",
          )
    }
    <h2>Deployments</h2>
    ${deploymentTable(name, deployments)}`;
  const seen = look ? html` <span class="quiet">looked at ${ago(look.at, now)}</span>` : null;
  return {
    title: name,
    app: name,
    place: "",
    state: `${name}: ${verdict.words}`,
    lead: html`${state(verdict.good, verdict.words)}${seen}`,
    acts: mayAct ? actions(name) : null,
    body,
  };
}

function glance(app: AppView, now: Date): Html {
  const { registered, look, ledger, newest } = app;
  const name = registered.app;
  const open = ledger.incidents.filter(isOpen);
  return tiles([
    ["Release", look?.sample.release ?? "none", look?.releaseSince ? html`in front since ${ago(look.releaseSince, now)}` : null],
    ["Proven backup", html`<a href="/apps/${name}/backups">${ago(look?.proven, now)}</a>`],
    ["Next run", nextRun(app, now) ? ago(nextRun(app, now), now) : html`<span class="quiet">none</span>`],
    [
      "Last deployment",
      newest
        ? html`<a href="/apps/${name}/deployments/${newest.id}">${newest.id}</a> ${outcome(newest.outcome)}`
        : html`<span class="quiet">none</span>`,
      newest
        ? html`${ago(newest.startedAt, now)}${newest.durationMs === undefined ? null : `, took ${whole(formatDuration(newest.durationMs))}`}`
        : null,
    ],
    [
      "Open incidents",
      html`<a href="/apps/${name}/incidents">${open.length}</a>`,
      open[0] ? html`the last began ${ago(open[0].openedAt, now)}` : null,
    ],
  ]);
}

function lastRun(name: string, run: Run | undefined, now: Date): Html | null {
  return run ? html`<a href="/apps/${name}/runs/${run.id}">${runState(run)}</a> <span class="quiet">${ago(run.slot, now)}</span>` : null;
}

/** A doctor that finds something ends with 1, as a check does: it has not failed. */
export function runState({ state: word, job, exitCode }: Run): Html {
  if (job === "doctor" && exitCode === 1) return state(null, "done: it found something");
  return state(word === "done" ? true : word === "failed" || word === "interrupted" ? false : null, word);
}

function actions(name: string): Html {
  return html`<a class="button" href="/apps/${name}/act/backup">Back up now</a>
    <a class="button other" href="/apps/${name}/act/drill">Drill</a>
    <a class="button other" href="/apps/${name}/act/rollback">Deploy a known release</a>`;
}
