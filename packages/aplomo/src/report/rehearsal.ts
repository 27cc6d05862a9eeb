import type { Evidence } from "../base/events.ts";
import { formatDuration } from "../base/time.ts";
import type { Lock } from "../databases/contract.ts";
import type { Entry } from "../deploy/journal.ts";
import { rehearsalStep } from "../deploy/rehearsal/verdict.ts";
import { text } from "./value.ts";
import { english, type Say } from "./lang/say.ts";

/** What a rehearsal found, as rows of a label and words; empty when none was made. */
export function rehearsalRows(evidence: Evidence | undefined, say: Say = english): [label: string, words: string][] {
  if (evidence?.["verdict"] === undefined) return [];
  const duration = (name: string): string => formatDuration(Number(evidence[name] ?? 0));
  const perDatabase = (name: string, none: string): string => {
    const found = Object.entries((evidence[name] ?? {}) as Record<string, string[]>).flatMap(([, lines]) => lines);
    return found.length === 0 ? say(none) : found.map((one) => say(one)).join(", ");
  };
  const words = (name: string): [string, string][] => {
    const value = evidence[name];
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return [];
    return [[say(labels[name] ?? name), (Array.isArray(value) ? value : [value]).map((one) => say(text(one))).join(", ")]];
  };
  return [
    [say("verdict"), `${say(text(evidence["verdict"]))}: ${say(verdictMeaning(evidence))}`],
    [say("restoring the copy took"), duration("restoredMs")],
    [say("changing it took"), duration("changedMs")],
    ...wayRow(evidence, say),
    [say("rows"), perDatabase("rows", "as many as before in every table")],
    [say("schema"), perDatabase("schema", "as before")],
    ...lockRows(evidence, say),
    ...words("drift"),
    ...words("mayNotWrite"),
    ...words("newRelease"),
    ...words("currentRelease"),
    ...words("currentReleaseSaid"),
    ...words("couldReach"),
  ];
}

/** What the verdict means for going back, in a sentence. */
export function verdictMeaning(evidence: Evidence): string {
  const verdict = text(evidence["verdict"]);
  // Without a current release nothing was asked of one.
  const alone = verdict === "compatible" && evidence["currentRelease"] === undefined;
  return alone ? "the new release works on the copy, and no other one serves yet" : (meanings[verdict] ?? "");
}

/** Behind these locks requests wait; the longest ones first. */
export function strongLocks(evidence: Evidence): Lock[] {
  return ((evidence["locks"] ?? []) as unknown as Lock[]).toSorted((a, b) => b.ms - a.ms);
}

function lockRows(evidence: Evidence, say: Say): [string, string][] {
  const lines = strongLocks(evidence).map(
    ({ table, mode, ms, statement }) => say`${table}: ${mode} for ${formatDuration(ms)} (${statement})`,
  );
  return lines.length === 0 ? [] : [[say("strong locks"), lines.slice(0, 5).join(", ")]];
}

/** How production's data is changed, and for how long nobody is answered. */
export function wayRow(evidence: Evidence, say: Say = english): [string, string][] {
  const about = formatDuration(Number(evidence["expectedHoldMs"] ?? 0));
  const ways: Record<string, string> = {
    live: say("while the current release serves on"),
    hold: say`while requests wait, for about ${about}`,
    stop: say`while the application is stopped, for about ${about}`,
  };
  const way = ways[text(evidence["way"] ?? "")];
  return way === undefined ? [] : [[say("data changes"), way]];
}

const labels: Record<string, string> = {
  newRelease: "new release",
  currentRelease: "current release",
  currentReleaseSaid: "what the current release said last",
  couldReach: "could reach",
  drift: "drift: schema and migrations differ",
  mayNotWrite: "what the current release may not read or write",
};

const meanings: Record<string, string> = {
  compatible: "the current release works on the migrated data, so going back takes the code alone",
  breaking: "the current release does not work on the migrated data; going back means going back with the data",
  refused: "the new release does not work on this data",
};

/** What the last rehearsal of a deployment found; undefined when there was none, or it came to no verdict. */
export function rehearsalEvidence(entries: readonly Entry[]): Evidence | undefined {
  const found = entries
    .map((entry) => {
      if (entry.type === "step.ended" && entry.step === rehearsalStep) return entry.evidence;
      return entry.type === "step.failed" && entry.step === rehearsalStep ? entry.failure.evidence : undefined;
    })
    .findLast((evidence) => evidence !== undefined);
  return found?.["verdict"] === undefined ? undefined : found;
}

/** As a section of the Markdown report. */
export function rehearsalSection(entries: readonly Entry[], say: Say): string[] {
  const rows = rehearsalRows(rehearsalEvidence(entries), say);
  if (rows.length === 0) return [];
  return [
    `## ${say("Rehearsal")}`,
    "",
    `| ${say("on a copy of the data")} | |`,
    "|---|---|",
    ...rows.map(([label, words]) => `| ${label} | ${words.replaceAll("|", "\\|")} |`),
    "",
  ];
}
