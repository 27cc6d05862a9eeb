import type { Evidence, Json } from "../base/events.ts";
import { formatDuration } from "../base/time.ts";
import type { Entry } from "../deploy/journal.ts";
import { checklist, checklistSection, type Watched } from "./checklist.ts";
import { head, stepRows } from "./facts.ts";
import { causeSection } from "./causes.ts";
import { rehearsalSection } from "./rehearsal.ts";
import { text } from "./value.ts";
import { english, type Say } from "./lang/say.ts";

/** A deployment's report, from its journal alone: what was done, when, with which evidence. */
export function markdownReport(entries: readonly Entry[], say: Say = english, watched: Watched | null = null): string {
  const facts = head(entries, say);
  if (!facts) return `# ${say("No deployment was started")}\n`;
  const lines = [
    `# ${facts.title}`,
    "",
    "| | |",
    "|---|---|",
    `| ${say("outcome")} | **${say(facts.outcome ?? "under way, or interrupted")}** |`,
    ...facts.rows.map(([name, value]) => `| ${name} | ${value} |`),
    "",
  ];
  return [
    ...lines,
    ...failures(entries, say),
    ...checklistSection(checklist(entries, say, watched), say),
    ...rehearsalSection(entries, say),
    ...stepTable(entries, say),
    ...evidenceSections(entries, say),
  ].join("\n");
}

function failures(entries: readonly Entry[], say: Say): string[] {
  return entries.flatMap((entry) => {
    if (entry.type !== "step.failed" && entry.type !== "undo.failed") return [];
    const { message, hint, evidence, causes } = entry.failure;
    const log = evidence?.["log"] ?? evidence?.["output"];
    return [
      `## ${say(entry.type === "step.failed" ? "Failed" : "Could not be undone")}: ${entry.step}`,
      "",
      say(message),
      "",
      ...(hint ? [say`Next: ${say(hint)}`, ""] : []),
      ...causeSection(causes ?? [], say),
      ...facts(evidence, say, ["unit", "state", "exitCode", "restarts"]),
      ...(typeof log === "string" ? [say("Last lines it said:"), "", "```text", log.trimEnd(), "```", ""] : []),
    ];
  });
}

function facts(evidence: Evidence | undefined, say: Say, names: string[]): string[] {
  const known = names.filter((name) => evidence?.[name] !== undefined);
  return known.length === 0 ? [] : [...known.map((name) => `- ${say(name)}: ${text(evidence?.[name])}`), ""];
}

function stepTable(entries: readonly Entry[], say: Say): string[] {
  const strong = new Set(["failed", "not taken back"]);
  const rows = stepRows(entries).map(({ time, step, result, ms }) => {
    const words = strong.has(result) ? `**${say(result)}**` : say(result);
    return `| ${time} | ${step} | ${words} | ${ms === undefined ? "" : formatDuration(ms)} |`.replace("|  |", "| |");
  });
  return [
    `## ${say("Steps")}`,
    "",
    `| ${[say("time"), say("step"), say("result"), say("took")].join(" | ")} |`,
    "|---|---|---|---|",
    ...rows,
    "",
  ];
}

function evidenceSections(entries: readonly Entry[], say: Say): string[] {
  const lines = entries.flatMap((entry) => {
    if (entry.type !== "step.ended" && entry.type !== "undo.ended") return [];
    const shown = Object.entries(entry.evidence).filter(([name]) => name !== "output");
    if (shown.length === 0) return [];
    return [
      `- **${entry.step}**${entry.type === "undo.ended" ? say(" (taken back)") : ""}: ${shown.map(([name, value]) => `${name} ${inline(value)}`).join("; ")}`,
    ];
  });
  return lines.length === 0 ? [] : [`## ${say("Evidence")}`, "", ...lines, ""];
}

function inline(value: Json): string {
  return typeof value === "object" && value !== null ? `\`${text(value)}\`` : text(value);
}
