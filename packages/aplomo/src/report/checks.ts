import type { Evidence, Json } from "../base/events.ts";
import { formatDuration } from "../base/time.ts";
import type { Say } from "./lang/say.ts";
import { countOf, text } from "./value.ts";

export const groups = {
  before: "Before the deploy",
  during: "During the deploy",
  after: "After the deploy",
  since: "Since then",
} as const;
export type Group = keyof typeof groups;

/** What has to be so, the steps that see to it, and what of their evidence shows it; undefined: they do not speak of it. */
interface Check {
  group: Group;
  what: string;
  step: RegExp;
  seen: (evidence: Evidence, say: Say, step: string) => string | undefined;
}

const always =
  (words: (evidence: Evidence, say: Say, step: string) => string): Check["seen"] =>
  (evidence, say, step) =>
    words(evidence, say, step);

/** The checklist that teams kept by hand: before, during and after a deploy, each point with its proof. */
export const checks: readonly Check[] = [
  {
    group: "before",
    what: "the environment keeps its contract",
    step: /^prepare\.environment$/,
    seen: always((e, say) => say`${say(countOf(e["variables"], "variable"))}, ${text(e["required"])} under contract`),
  },
  {
    group: "before",
    what: "the source is committed, pushed and in step",
    step: /^prepare\.source$/,
    seen: (e, say) =>
      list(e["warnings"]).length === 0
        ? say("nothing to object to")
        : list(e["warnings"])
            .map((one) => say(one))
            .join(", "),
  },
  { group: "before", what: "the audit finds nothing grave", step: /^prepare\.audit$/, seen: always((e) => pairs(e)) },
  { group: "before", what: "the server can run it", step: /^prepare\.target$/, seen: (e) => string(e["runtime"]) },
  {
    group: "before",
    what: "the data stays where it is",
    step: /^prepare\.target$/,
    seen: (e, say) =>
      list(e["data"]).length === 0
        ? undefined
        : list(e["data"])
            .map((one) => say(one))
            .join(", "),
  },
  {
    group: "before",
    what: "the databases answer, and there is room on the disk",
    step: /^prepare\.database\./,
    seen: always((e, say) => say`${text(e["server"])}, ${(Number(e["freeBytes"] ?? 0) / 1e9).toFixed(1)} GB free`),
  },
  {
    group: "before",
    what: "the release is complete, and pinned by its digests",
    step: /^prepare\.stage$/,
    seen: (e) => (e["artifacts"] === undefined ? undefined : pairs(shortened(e["artifacts"]))),
  },
  {
    group: "before",
    what: "what the migration will run is known",
    step: /^prepare\.migrations$/,
    seen: always((e, say) => say`${text(e["applied"])} applied, pending: ${list(e["pending"]).join(", ") || say("none")}`),
  },
  {
    group: "before",
    what: "every database is backed up, and its rows are counted",
    step: /^protect\.backup\./,
    seen: always((e) => `${text(e["backup"])}: ${pairs(e["rows"])}; SHA-256 ${text(e["sha256"]).slice(0, 12)}`),
  },
  {
    group: "before",
    what: "the release was rehearsed on a copy of the data",
    step: /^rehearse\.release$/,
    seen: always((e, say) => say`${say(text(e["verdict"]))}, changed in ${formatDuration(Number(e["changedMs"] ?? 0))}`),
  },
  { group: "during", what: "the migration ended well", step: /^change\.migrate$/, seen: always(lastLine) },
  {
    group: "during",
    what: "the summaries were refreshed, each step by itself",
    step: /^change\.derive\./,
    seen: always((_e, _say, step) => step.slice(14)),
  },
  { group: "during", what: "the seed created only what was missing", step: /^change\.seed$/, seen: always(lastLine) },
  { group: "during", what: "earlier data was put back", step: /^change\.(restore|load)\./, seen: always((e) => pairs(e)) },
  { group: "during", what: "the data's invariants hold after the change", step: /^change\.invariants$/, seen: always((e) => counts(e)) },
  {
    group: "during",
    what: "units were made anew, not only restarted",
    step: /^switch\.units$/,
    seen: (e, say) => {
      const [begun, stopped] = [[...list(e["recreated"]), ...list(e["processes"]), ...list(e["units"])], list(e["stopped"])];
      const words = [
        ...(begun.length > 0 ? [say`new: ${begun.join(", ")}`] : []),
        ...(stopped.length > 0 ? [say`stopped: ${stopped.join(", ")}`] : []),
      ];
      return words.length === 0 ? undefined : words.join("; ");
    },
  },
  {
    group: "during",
    what: "requests that were under way were answered",
    step: /^switch\.drain$/,
    seen: always((e) => pairs(e)),
  },
  {
    group: "after",
    what: "every unit runs the image and the environment that are meant",
    step: /^prove\.identity$/,
    seen: always((e) => list(e["units"]).join(", ")),
  },
  {
    group: "after",
    what: "health answers, inside and through the public address",
    step: /^prove\.health$/,
    seen: always((e) => [...list(e["units"]), pairs(e["public"] ?? {})].filter(Boolean).join(", ")),
  },
  { group: "after", what: "the application works", step: /^prove\.smoke$/, seen: always((e) => pairs(e["answers"])) },
  {
    group: "after",
    what: "the database is reached, and its data is complete",
    step: /^prove\.invariants$/,
    seen: always((e) => counts(e)),
  },
  {
    group: "after",
    what: "the units stay up: no restart, no exit",
    step: /^prove\.stability$/,
    seen: always(
      (e, say) =>
        say`watched for ${formatDuration(Number(e["watchedMs"] ?? 0))}, ${say(countOf(e["looks"], "look"))}, ${say(countOf(e["restarts"], "restart"))}`,
    ),
  },
  {
    group: "after",
    what: "memory is below its limit",
    step: /^prove\.stability$/,
    seen: (e) => (e["memory"] === undefined ? undefined : pairs(e["memory"])),
  },
  {
    group: "after",
    what: "the log is clean",
    step: /^prove\.logs$/,
    seen: always((e, say) => say`${say(countOf(e["lines"], "line"))} read`),
  },
  {
    group: "after",
    what: "the process list is saved",
    step: /^switch\.(units|beside)$/,
    seen: (e, say) => (e["saved"] === true ? say("saved") : undefined),
  },
  {
    group: "after",
    what: "it starts with the server",
    step: /^prepare\.target$/,
    seen: (e, say) => (e["atBoot"] === undefined ? undefined : e["atBoot"] === null ? say("NO: run `pm2 startup`") : text(e["atBoot"])),
  },
  { group: "after", what: "the release is recorded as the one in front", step: /^keep\.current$/, seen: always((e) => text(e["current"])) },
  { group: "after", what: "the one before is kept, to go back to", step: /^keep\.retire$/, seen: always((e) => text(e["retired"])) },
];

function list(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function string(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function lastLine(evidence: Evidence): string {
  return typeof evidence["output"] === "string" ? (evidence["output"].trim().split("\n").at(-1) ?? "") : pairs(evidence);
}

/** Of every database: `agenda: patients 12, appointments 40`. */
function counts(evidence: Evidence): string {
  return Object.entries(evidence)
    .map(([database, value]) => `${database}: ${pairs(value)}`)
    .join("; ");
}

/** A digest as people compare it. */
function shortened(value: Json): Json {
  if (typeof value === "string") return value.replace(/^sha256:([0-9a-f]{12})[0-9a-f]+$/, "$1");
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shortened(one)]));
}

/** `orders 12, users 3`, without braces and quotes. */
function pairs(value: Json | undefined): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return text(value);
  return Object.entries(value)
    .map(([name, one]) => `${name} ${text(one)}`)
    .join(", ");
}
