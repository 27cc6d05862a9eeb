import { counted } from "../base/count.ts";
import type { Entry } from "../deploy/journal.ts";
import type { Say } from "./lang/say.ts";
import { checks, groups, type Group } from "./checks.ts";

/** `unasked`: aplomo.yml does not ask for it, or this target has no such thing. `unreached`: the deployment ended before. */
export type State = "done" | "failed" | "undone" | "unasked" | "unreached" | "running";

/** One line of a deployment's checklist: what has to be so, whether it is, and what shows it. */
export interface Item {
  group: Group;
  what: string;
  state: State;
  evidence: string;
  /** ISO 8601; null: it did not come to that. */
  at: string | null;
}

/** What the agent saw in the first 24 hours of the release. */
export interface Watched {
  looks: number;
  hours: number;
  /** In words, each with its numbers; empty when all was well. */
  troubles: string[];
}

/** Hours; a look a minute comes just short of them. */
const day = 23.9;

/** The checklist of a deployment, filled from its journal alone; what the agent saw since is its last line. */
export function checklist(entries: readonly Entry[], say: Say, watched: Watched | null): Item[] {
  const ended = entries.find(({ type }) => type === "deployment.finished");
  const done = ended?.type === "deployment.finished" ? ended : undefined;
  const items = checks.map(({ group, what, step, seen }): Item => {
    const at = entries.filter((entry) => "step" in entry && step.test(entry.step));
    const failed = at.find(({ type }) => type === "step.failed");
    const passed = at.flatMap((entry) => (entry.type === "step.ended" ? [entry] : []));
    const shown = passed.flatMap((entry) => seen(entry.evidence, say, entry.step) ?? []);
    const last = at.at(-1)?.at ?? null;
    const item = (state: State, evidence: string): Item => ({ group, what: say(what), state, evidence, at: last });
    if (failed?.type === "step.failed") return item("failed", say(failed.failure.message));
    if (shown.length > 0) return item(at.some(({ type }) => type === "undo.ended") ? "undone" : "done", shown.join("; "));
    if (passed.length > 0 || done?.failedStep === null) return { ...item("unasked", ""), at: null };
    return { ...item("unreached", ""), at: null };
  });
  return [...items, ...(done?.outcome === "deployed" ? [firstDay(say, watched)] : [])];
}

/** S2.7: what is measured is watched for the first 24 hours. */
function firstDay(say: Say, watched: Watched | null): Item {
  const item = { group: "since" as const, what: say("health, restarts and memory are watched for the first 24 hours"), at: null };
  if (watched === null || watched.looks === 0)
    return { ...item, state: "unreached", evidence: say("no agent has looked since: `aplomo agent add`, `aplomo agent install`") };
  const { looks, hours, troubles } = watched;
  const seen = troubles.length === 0 ? say("all was well") : troubles.map((one) => say(one)).join(", ");
  const state = troubles.length > 0 ? "failed" : hours >= day ? "done" : "running";
  return { ...item, state, evidence: say`${say(counted(looks, "look"))} in ${hours.toFixed(1)} h: ${seen}` };
}

export const marks: Record<State, string> = { done: "✓", failed: "✗", undone: "↶", unasked: "–", unreached: "☐", running: "…" };

/** What a mark means where there is nothing else to say. */
export function explained({ state, evidence }: Item, say: Say): string {
  if (state === "undone") return say`${evidence}; taken back`;
  if (state === "running") return say`${evidence}; so far`;
  if (evidence !== "") return evidence;
  return state === "unasked" ? say("not asked for by aplomo.yml, or there is no such thing here") : say("not reached");
}

/** As a section of the Markdown report. */
export function checklistSection(items: readonly Item[], say: Say): string[] {
  const cell = (words: string): string => words.replaceAll("|", "\\|").replaceAll("\n", " ");
  return [
    `## ${say("Checklist")}`,
    "",
    ...Object.entries(groups).flatMap(([group, title]) => {
      const its = items.filter((item) => item.group === group);
      if (its.length === 0) return [];
      const rows = its.map(
        (item) => `| ${marks[item.state]} | ${item.what} | ${cell(explained(item, say))} | ${item.at?.slice(11, 19) ?? ""} |`,
      );
      return [`| | ${say(title)} | ${say("evidence")} | ${say("time")} |`, "|---|---|---|---|", ...rows, ""];
    }),
  ];
}
