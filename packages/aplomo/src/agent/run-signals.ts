import type { Look } from "./look.ts";
import type { WatchPaths } from "./paths.ts";
import { lastEvent, newestRuns } from "./runs.ts";
import type { Signal } from "./signal.ts";

/** Runs whose last attempt did not end well, with what it said. */
export async function runSignals(paths: WatchPaths, jobs: Look["jobs"]): Promise<Signal[]> {
  const signals: Signal[] = [];
  for (const { name } of jobs) {
    // One may be under way, and another still unclaimed.
    const newest = await newestRuns(paths.runs, 3, (run) => run.job === name);
    const last = newest.find(({ state }) => state !== "claimed" && state !== "running");
    if (last === undefined || last.state === "done") continue;
    const error = await lastEvent(last.folder, "error");
    const why =
      typeof error?.["message"] === "string"
        ? error["message"]
        : last.state === "interrupted"
          ? "it was interrupted"
          : "what it found is not well";
    signals.push({
      key: `run:${name}`,
      level: "error",
      subject: `the ${name} of ${last.slot.toISOString().slice(0, 16).replace("T", " ")}`,
      message: why,
      next:
        typeof error?.["hint"] === "string" ? error["hint"] : `\`aplomo ${last.argv.slice(0, 2).join(" ")}\` tries it again and says more.`,
      evidence: [],
    });
  }
  return signals;
}
