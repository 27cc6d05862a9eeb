import type { CauseNote } from "../base/events.ts";
import { formatDuration } from "../base/time.ts";
import type { Entry } from "../deploy/journal.ts";
import type { Say } from "./lang/say.ts";
import { text } from "./value.ts";

/** What stands over a report. */
export interface Head {
  title: string;
  /** Null: under way, or interrupted. */
  outcome: string | null;
  rows: [name: string, value: string][];
}

export function head(entries: readonly Entry[], say: Say): Head | undefined {
  const started = entries.find((entry) => entry.type === "deployment.started");
  const finished = entries.findLast((entry) => entry.type === "deployment.finished");
  if (started?.type !== "deployment.started") return undefined;
  const done = finished?.type === "deployment.finished" ? finished : undefined;
  return {
    title: `${started.app} ${started.deployment}: ${say(started.action)} ${started.release}`,
    outcome: done?.outcome ?? null,
    rows: [
      [say("release"), started.release],
      [say("previous"), started.previous ?? say("none")],
      [say("started"), started.at],
      ...madeFrom(entries, say),
      ...(done
        ? ([
            [say("took"), formatDuration(done.durationMs)],
            [say("failed step"), done.failedStep ?? say("none")],
            [say("rows lost"), String(done.rowsLost)],
          ] satisfies Head["rows"])
        : []),
    ],
  };
}

/** Who made the release, and from what. */
function madeFrom(entries: readonly Entry[], say: Say): Head["rows"] {
  const staged = entries.find((entry) => entry.type === "step.ended" && entry.step === "prepare.stage");
  const source = staged?.type === "step.ended" ? staged.evidence["source"] : undefined;
  if (typeof source !== "object" || source === null || Array.isArray(source)) return [];
  const { author, appVersion, commit, dirty } = source;
  return [
    [say("author"), text(author)],
    ...(typeof appVersion === "string" ? ([[say("version"), appVersion]] satisfies Head["rows"]) : []),
    ...(typeof commit === "string"
      ? ([[say("commit"), `${commit}${dirty === true ? say(", and what was not committed") : ""}`]] satisfies Head["rows"])
      : []),
  ];
}

export interface FailedStep {
  step: string;
  message: string;
  hint: string | undefined;
  causes: readonly CauseNote[];
  log: string | undefined;
}

export function failuresOf(entries: readonly Entry[]): FailedStep[] {
  return entries.flatMap((entry) => {
    if (entry.type !== "step.failed" && entry.type !== "undo.failed") return [];
    const { message, hint, evidence, causes } = entry.failure;
    const log = evidence?.["log"] ?? evidence?.["output"];
    return [{ step: entry.step, message, hint, causes: causes ?? [], log: typeof log === "string" ? log.trimEnd() : undefined }];
  });
}

export interface StepRow {
  time: string;
  step: string;
  result: string;
  ms?: number;
}

/** Each act and how it ended, in order. */
export function stepRows(entries: readonly Entry[]): StepRow[] {
  return entries.flatMap((entry): StepRow[] => {
    const time = entry.at.slice(11, 19);
    switch (entry.type) {
      case "step.ended":
        return [{ time, step: entry.step, result: "done", ms: entry.durationMs }];
      case "step.failed":
        return [{ time, step: entry.step, result: "failed", ms: entry.durationMs }];
      case "undo.ended":
        return [{ time, step: entry.step, result: "taken back", ms: entry.durationMs }];
      case "undo.failed":
        return [{ time, step: entry.step, result: "not taken back", ms: entry.durationMs }];
      case "recovery.started":
        return [{ time, step: "recovery", result: entry.decision }];
      default:
        return [];
    }
  });
}
