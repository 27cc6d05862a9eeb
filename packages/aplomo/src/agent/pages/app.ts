import { readSamples, type Sample } from "../sample.ts";
import { nextSlot } from "../slots.ts";
import { listSummaries, type AppView } from "../view.ts";
import { chart } from "./chart.ts";
import { deploymentTable } from "./deployments.ts";
import { html, type Html } from "./html.ts";
import type { Page } from "./layout.ts";
import { verdictOf } from "./overview.ts";
import { findings, size, state, table, time } from "./parts.ts";

const day = 24 * 60 * 60_000;

/** One application now: what is wrong, its units, the last day, what ran and what runs next. */
export async function appPage(app: AppView, now: Date, mayAct: boolean): Promise<Page> {
  const { registered, look, watch, paths, runs } = app;
  const name = registered.app;
  const verdict = verdictOf(app, now);
  const samples = await readSamples(watch.samples, new Date(now.getTime() - day), now);
  const jobs = (look?.jobs ?? registered.jobs).map((job) => {
    const last = runs.find((run) => run.job === job.name);
    return [
      job.name,
      html`<code>${job.cron}</code> ${job.zone}`,
      last ? html`<a href="/apps/${name}/runs/${last.id}">${last.state}</a>, ${time(last.slot)}` : null,
      time(nextSlot(job, now)),
    ];
  });
  const asked = runs.filter((run) => !(look?.jobs ?? registered.jobs).some((job) => job.name === run.job)).slice(0, 5);
  const body = html`<p>
      ${state(verdict.good, verdict.words)}${look ? html` <span class="quiet">looked at ${time(look.at)}</span>` : null}
    </p>
    ${look?.running ? html`<p class="warn">Under way: ${look.running}</p>` : null}
    <h2>What is wrong</h2>
    ${look ? findings(look.signals) : html`<p class="quiet">not looked at yet</p>`}
    <h2>Units</h2>
    ${table(
      `Units of ${name}`,
      ["Unit", "Service", "Release", "State", "Health", { name: "Restarts", number: true }, "Since"],
      (look?.units ?? []).map((unit) => [
        unit.name,
        unit.service,
        unit.release,
        unit.state,
        unit.health,
        unit.restarts,
        time(unit.startedAt),
      ]),
      "no unit runs",
    )}
    <h2>The last 24 hours</h2>
    <div class="cards">${charts(samples)}</div>
    <h2>Runs</h2>
    ${table("What is done at certain times", ["Run", "When", "Last", "Next"], jobs, "nothing is scheduled: aplomo.yml names no database")}
    ${
      asked.length === 0
        ? null
        : table(
            "What was asked for",
            ["Run", "When", "State"],
            asked.map((run) => [html`<a href="/apps/${name}/runs/${run.id}">${run.job}</a>`, time(run.slot), run.state]),
            "",
          )
    }
    <h2>Deployments</h2>
    ${deploymentTable(name, await listSummaries(paths, 0, 5))} ${mayAct ? actions(name) : null}`;
  return { title: name, app: name, place: "", state: `${name}: ${verdict.words}`, body };
}

function actions(name: string): Html {
  return html`<h2>Actions</h2>
    <p class="actions">
      <a class="button" href="/apps/${name}/act/backup">Back up now</a>
      <a class="button other" href="/apps/${name}/act/drill">Drill the newest backup</a>
      <a class="button other" href="/apps/${name}/act/rollback">Return to an earlier release</a>
    </p>`;
}

function charts(samples: readonly Sample[]): Html[] {
  const what = [...new Set(samples.flatMap(({ asked }) => asked.map((one) => one.what)))];
  const units = [...new Set(samples.flatMap(({ units: its }) => its.map((one) => one.name)))];
  const at = (sample: Sample): number => Date.parse(sample.at);
  return [
    ...what.map((name) =>
      chart({
        title: `Response time of ${name}`,
        points: samples.flatMap((sample) =>
          sample.asked.filter((one) => one.what === name && one.status > 0).map((one) => [at(sample), one.ms] as const),
        ),
        say: (ms) => `${Math.round(ms)} ms`,
      }),
    ),
    ...units.flatMap((name) => {
      const its = (pick: (unit: Sample["units"][number]) => number | null): (readonly [number, number])[] =>
        samples.flatMap((sample) =>
          sample.units.flatMap((unit) => {
            const value = unit.name === name ? pick(unit) : null;
            return value === null ? [] : [[at(sample), value] as const];
          }),
        );
      const memory = its((unit) => unit.memory);
      return [
        ...(memory.length > 0 ? [chart({ title: `Memory of ${name}`, points: memory, say: size })] : []),
        chart({ title: `Restarts of ${name}`, points: its((unit) => unit.restarts), say: String }),
      ];
    }),
  ];
}
