import type { Json } from "../base/events.ts";
import { formatDuration } from "../base/time.ts";
import { auditResult } from "./audit/result.ts";
import type { Paint } from "./colours.ts";
import { agentResults } from "./agent-results.ts";
import { doctorResult } from "./doctor.ts";
import { backupLines, backupResults, copyLine } from "./backup-results.ts";
import { buildResults } from "./build-results.ts";
import { dataResults } from "./data-results.ts";
import { envResults } from "./env-results.ts";
import { reportResult } from "./deployment.ts";
import { findingLines } from "./findings.ts";
import { setupResults } from "./setup-results.ts";
import type { Show } from "./show.ts";
import { rows, table, tableOr, texts, type Row } from "./table.ts";
import { text } from "./value.ts";
import { english, type Say } from "./lang/say.ts";

/** What a command found, for people. The JSON printer prints the same data as it is. */
export function resultText(command: string, data: Json, paint: Paint, say: Say = english): string[] {
  const show = renderers[command];
  return show ? show(data as Row, paint, say) : JSON.stringify(data, null, 2).split("\n");
}

const renderers: Record<string, Show> = {
  ...backupResults,
  ...agentResults,
  ...buildResults,
  ...dataResults,
  ...envResults,
  status: (data, paint, say) => [
    `${paint("bold", text(data["app"]))}  ${data["release"] === null ? say("not deployed yet") : say`release ${text(data["release"])}`}  ${text(data["runtime"])}`,
    ...table(
      ["unit", "service", "release", "state", "health", "restarts", "since"],
      rows(data["units"]).map((unit) => [
        unit["name"],
        unit["service"],
        unit["keptBy"] === undefined ? unit["release"] : say`${text(unit["release"])}, kept by ${text(unit["keptBy"])}`,
        unit["state"],
        unit["health"],
        unit["restarts"],
        unit["startedAt"],
      ]),
      say,
    ),
    ...migrationLines(data["migrations"], paint, say),
    ...rows(data["backups"]).flatMap((backup) => backupLines(backup, paint, say)),
    ...rows(data["copies"]).map((copy) => copyLine(copy, paint, say)),
    ...(typeof data["running"] === "string" ? [paint("yellow", say(data["running"]))] : []),
    ...(typeof data["interrupted"] === "string" ? [paint("red", say(data["interrupted"]))] : []),
  ],
  history: (data, _paint, say) =>
    tableOr(
      say("nothing was deployed yet: aplomo deploy"),
      ["deployment", "action", "release", "previous", "outcome", "took", "failed step", "started"],
      rows(data["deployments"]).map((one) => [
        one["id"],
        say(text(one["action"])),
        one["release"],
        one["previous"],
        say(text(one["outcome"] ?? "interrupted")),
        typeof one["durationMs"] === "number" ? formatDuration(one["durationMs"]) : "",
        one["failedStep"],
        one["startedAt"],
      ]),
      say,
    ),
  verify: (data, paint, say) =>
    rows(data["checks"]).map((check) =>
      check["ok"]
        ? `${paint("green", "✓")} ${say(text(check["check"]))}`
        : `${paint("red", "✗")} ${say(text(check["check"]))}: ${say(text(check["message"]))}${check["hint"] ? `\n  ${say(text(check["hint"]))}` : ""}`,
    ),
  check: findingLines,
  doctor: doctorResult,
  "doctor explain": (data, paint, say) => [
    paint("bold", say(text(data["title"]))),
    say(text(data["why"])),
    `${paint("cyan", say("next"))} ${say(text(data["next"]))}`,
  ],
  audit: auditResult,
  init: (data, paint, say) => [
    say`${paint("green", "✓")} wrote ${text(data["file"])}`,
    ...texts(data["next"]).map((line) => `  ${say(line)}`),
  ],
  logs: (data) =>
    rows(data["units"]).flatMap((unit) =>
      text(unit["log"])
        .split("\n")
        .map((line) => `${text(unit["name"])} | ${line}`),
    ),
  ...setupResults,
  recover: (_data, _paint, say) => [say("nothing to recover: the last deployment came to its end")],
  report: reportResult,
  completion: (data) => text(data["script"]).trimEnd().split("\n"),
};

/** What is as it should be in one line, the rest in colour. */
function migrationLines(found: Json | undefined, paint: Paint, say: Say): string[] {
  if (typeof found !== "object" || found === null || Array.isArray(found)) return [];
  const [usual = "", ...unusual] = texts(found["said"]);
  return [say`migrations  ${say(usual)}`, ...unusual.map((line) => say`migrations  ${paint("yellow", say(line))}`)];
}
