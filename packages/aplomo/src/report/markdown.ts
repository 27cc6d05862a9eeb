import type { Evidence, Json } from "../base/events.ts";
import { formatDuration } from "../base/time.ts";
import type { Entry } from "../deploy/journal.ts";
import { causeSection } from "./causes.ts";
import { rehearsalSection } from "./rehearsal.ts";
import { text } from "./value.ts";

/** A deployment's report, from its journal alone: what was done, when, with which evidence. */
export function markdownReport(entries: readonly Entry[]): string {
  const started = entries.find((entry) => entry.type === "deployment.started");
  const finished = entries.findLast((entry) => entry.type === "deployment.finished");
  if (started?.type !== "deployment.started") return "# No deployment was started\n";
  const done = finished?.type === "deployment.finished" ? finished : undefined;
  const head = [
    `# ${started.app} ${started.deployment}: ${started.action} ${started.release}`,
    "",
    "| | |",
    "|---|---|",
    `| outcome | **${done?.outcome ?? "under way, or interrupted"}** |`,
    `| release | ${started.release} |`,
    `| previous | ${started.previous ?? "none"} |`,
    `| started | ${started.at} |`,
    ...madeFrom(entries),
    ...(done
      ? [
          `| took | ${formatDuration(done.durationMs)} |`,
          `| failed step | ${done.failedStep ?? "none"} |`,
          `| rows lost | ${done.rowsLost} |`,
        ]
      : []),
    "",
  ];
  return [...head, ...failures(entries), ...rehearsalSection(entries), ...stepTable(entries), ...evidenceSections(entries)].join("\n");
}

/** Who made the release, and from what. */
function madeFrom(entries: readonly Entry[]): string[] {
  const staged = entries.find((entry) => entry.type === "step.ended" && entry.step === "prepare.stage");
  const source = staged?.type === "step.ended" ? staged.evidence["source"] : undefined;
  if (typeof source !== "object" || source === null || Array.isArray(source)) return [];
  const { author, appVersion, commit, dirty } = source;
  return [
    `| author | ${text(author)} |`,
    ...(typeof appVersion === "string" ? [`| version | ${appVersion} |`] : []),
    ...(typeof commit === "string" ? [`| commit | ${commit}${dirty === true ? ", and what was not committed" : ""} |`] : []),
  ];
}

function failures(entries: readonly Entry[]): string[] {
  return entries.flatMap((entry) => {
    if (entry.type !== "step.failed" && entry.type !== "undo.failed") return [];
    const { message, hint, evidence, causes } = entry.failure;
    const log = evidence?.["log"] ?? evidence?.["output"];
    return [
      `## ${entry.type === "step.failed" ? "Failed" : "Could not be undone"}: ${entry.step}`,
      "",
      message,
      "",
      ...(hint ? [`Next: ${hint}`, ""] : []),
      ...causeSection(causes ?? []),
      ...facts(evidence, ["unit", "state", "exitCode", "restarts"]),
      ...(typeof log === "string" ? ["Last lines it said:", "", "```text", log.trimEnd(), "```", ""] : []),
    ];
  });
}

function facts(evidence: Evidence | undefined, names: string[]): string[] {
  const known = names.filter((name) => evidence?.[name] !== undefined);
  return known.length === 0 ? [] : [...known.map((name) => `- ${name}: ${text(evidence?.[name])}`), ""];
}

function stepTable(entries: readonly Entry[]): string[] {
  const rows = entries.flatMap((entry) => {
    switch (entry.type) {
      case "step.ended":
        return [`| ${entry.at.slice(11, 19)} | ${entry.step} | done | ${formatDuration(entry.durationMs)} |`];
      case "step.failed":
        return [`| ${entry.at.slice(11, 19)} | ${entry.step} | **failed** | ${formatDuration(entry.durationMs)} |`];
      case "undo.ended":
        return [`| ${entry.at.slice(11, 19)} | ${entry.step} | taken back | ${formatDuration(entry.durationMs)} |`];
      case "undo.failed":
        return [`| ${entry.at.slice(11, 19)} | ${entry.step} | **not taken back** | ${formatDuration(entry.durationMs)} |`];
      case "recovery.started":
        return [`| ${entry.at.slice(11, 19)} | recovery | ${entry.decision} | |`];
      default:
        return [];
    }
  });
  return ["## Steps", "", "| time | step | result | took |", "|---|---|---|---|", ...rows, ""];
}

function evidenceSections(entries: readonly Entry[]): string[] {
  const lines = entries.flatMap((entry) => {
    if (entry.type !== "step.ended" && entry.type !== "undo.ended") return [];
    const shown = Object.entries(entry.evidence).filter(([name]) => name !== "output");
    if (shown.length === 0) return [];
    return [
      `- **${entry.step}**${entry.type === "undo.ended" ? " (taken back)" : ""}: ${shown.map(([name, value]) => `${name} ${inline(value)}`).join("; ")}`,
    ];
  });
  return lines.length === 0 ? [] : ["## Evidence", "", ...lines, ""];
}

function inline(value: Json): string {
  return typeof value === "object" && value !== null ? `\`${text(value)}\`` : text(value);
}
