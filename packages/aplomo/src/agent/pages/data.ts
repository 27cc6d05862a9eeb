import { readSamples } from "../sample.ts";
import type { AppView } from "../view.ts";
import { chart } from "./chart.ts";
import { html } from "./html.ts";
import type { Page } from "./layout.ts";
import { findings } from "./parts.ts";

const days = 31;

/** What invariants speak of, over time. */
export async function dataPage({ registered: { app }, watch, look }: AppView, now: Date): Promise<Page> {
  const samples = await readSamples(watch.samples, new Date(now.getTime() - days * 24 * 60 * 60_000), now);
  const names = [...new Set(samples.flatMap(({ numbers }) => Object.keys(numbers ?? {})))].toSorted();
  const broken = (look?.signals ?? []).filter(({ key }) => /^(invariant|database):/.test(key));
  const body = html`${findings(broken)}
    <h2>The last ${days} days</h2>
    ${
      names.length === 0
        ? html`<p class="quiet">aplomo.yml names no invariants, or they were not counted yet.</p>`
        : html`<div class="cards">
            ${names.map((name) =>
              chart({
                title: name,
                points: samples.flatMap(({ at, numbers }) =>
                  numbers?.[name] === undefined ? [] : [[Date.parse(at), numbers[name]] as const],
                ),
                say: String,
              }),
            )}
          </div>`
    }`;
  return {
    title: `Data of ${app}`,
    app,
    place: "/data",
    state: `${app}: ${broken.length === 0 ? "all that is said of the data holds" : `${broken.length} do not hold`}`,
    body,
  };
}
