import { readFile } from "node:fs/promises";
import { formatDuration } from "../../base/time.ts";
import { outputOf, readRun } from "../runs.ts";
import type { AppView } from "../view.ts";
import { runState } from "./app.ts";
import { html } from "../../report/html.ts";
import type { Page } from "./layout.ts";
import { tiles, time } from "./parts.ts";

const most = 60_000;

/** What the agent ran, and what it said. */
export async function runPage({ registered: { app }, watch }: AppView, id: string): Promise<Page | undefined> {
  const run = await readRun(watch.runs, id);
  if (!run) return undefined;
  const output = (await readFile(outputOf(run.folder), "utf8").catch(() => "")).slice(-most);
  const took = run.startedAt && run.endedAt ? formatDuration(run.endedAt.getTime() - run.startedAt.getTime()) : null;
  const body = html`${tiles([
      ["Command", html`<code>aplomo ${run.argv.join(" ")}</code>`],
      ["For", time(run.slot), run.missed > 0 ? `makes up for ${run.missed} that were missed` : null],
      ["Begun", time(run.startedAt), run.attempt > 1 ? `attempt ${run.attempt}` : null],
      ["Took", took ?? "not ended yet"],
    ])}
    ${run.job === "doctor" ? html`<p><a href="/apps/${app}/doctor">What it found</a></p>` : null}
    <h2>What it said</h2>
    <pre tabindex="0">${told(output) || "nothing yet"}</pre>`;
  return { title: `${app}: ${run.job}`, app, place: "", state: `${run.job}: ${run.state}`, lead: runState(run), body };
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
    .join("\n")
    .trim();
}
