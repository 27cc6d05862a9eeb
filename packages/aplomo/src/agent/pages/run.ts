import { readFile } from "node:fs/promises";
import { outputOf, readRun } from "../runs.ts";
import type { AppView } from "../view.ts";
import { html } from "./html.ts";
import type { Page } from "./layout.ts";
import { state, time } from "./parts.ts";

const most = 60_000;

/** What the agent ran, and what it said. */
export async function runPage({ registered: { app }, watch }: AppView, id: string): Promise<Page | undefined> {
  const run = await readRun(watch.runs, id);
  if (!run) return undefined;
  const output = (await readFile(outputOf(run.folder), "utf8").catch(() => "")).slice(-most);
  const good = run.state === "done" ? true : run.state === "failed" || run.state === "interrupted" ? false : null;
  const body = html`<p>${state(good, run.state)}</p>
    <dl>
      <dt>Command</dt>
      <dd><code>aplomo ${run.argv.join(" ")}</code></dd>
      <dt>For</dt>
      <dd>${time(run.slot)}</dd>
      <dt>Begun</dt>
      <dd>${time(run.startedAt)}</dd>
      <dt>Ended</dt>
      <dd>${time(run.endedAt)}</dd>
      ${
        run.missed > 0
          ? html`<dt>Makes up for</dt>
              <dd>${run.missed} that were missed</dd>`
          : null
      }
    </dl>
    <h2>What it said</h2>
    <pre tabindex="0">${told(output)}</pre>`;
  return { title: `${app}: ${run.job}`, app, place: "", state: `${run.job}: ${run.state}`, body };
}

/** Events as lines a person reads. */
function told(output: string): string {
  return output
    .split("\n")
    .map((line) => {
      try {
        const { at, type, ...rest } = JSON.parse(line) as { at: string; type: string; message?: string; hint?: string; title?: string };
        const words = rest.message ?? rest.title ?? JSON.stringify(rest);
        return `${at.slice(11, 19)} ${type === "progress" ? "" : `${type}: `}${words}${rest.hint ? `\n         ${rest.hint}` : ""}`;
      } catch {
        return line;
      }
    })
    .join("\n");
}
