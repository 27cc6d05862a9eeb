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
import { findingLines } from "./findings.ts";
import { setupResults } from "./setup-results.ts";
import { rows, table, tableOr, texts, type Row } from "./table.ts";
import { text } from "./value.ts";

/** What a command found, for people. The JSON printer prints the same data as it is. */
export function resultText(command: string, data: Json, paint: Paint): string[] {
  const show = renderers[command];
  return show ? show(data as Row, paint) : JSON.stringify(data, null, 2).split("\n");
}

const renderers: Record<string, (data: Row, paint: Paint) => string[]> = {
  ...backupResults,
  ...agentResults,
  ...buildResults,
  ...dataResults,
  ...envResults,
  status: (data, paint) => [
    `${paint("bold", text(data["app"]))}  ${data["release"] === null ? "not deployed yet" : `release ${text(data["release"])}`}  ${text(data["runtime"])}`,
    ...table(
      ["unit", "service", "release", "state", "health", "restarts", "since"],
      rows(data["units"]).map((unit) => [
        unit["name"],
        unit["service"],
        unit["release"],
        unit["state"],
        unit["health"],
        unit["restarts"],
        unit["startedAt"],
      ]),
    ),
    ...migrationLines(data["migrations"], paint),
    ...rows(data["backups"]).flatMap((backup) => backupLines(backup, paint)),
    ...rows(data["copies"]).map((copy) => copyLine(copy, paint)),
    ...(typeof data["running"] === "string" ? [paint("yellow", data["running"])] : []),
    ...(typeof data["interrupted"] === "string" ? [paint("red", data["interrupted"])] : []),
  ],
  history: (data) =>
    tableOr(
      "nothing was deployed yet: aplomo deploy",
      ["deployment", "action", "release", "previous", "outcome", "took", "failed step", "started"],
      rows(data["deployments"]).map((one) => [
        one["id"],
        one["action"],
        one["release"],
        one["previous"],
        one["outcome"] ?? "interrupted",
        typeof one["durationMs"] === "number" ? formatDuration(one["durationMs"]) : "",
        one["failedStep"],
        one["startedAt"],
      ]),
    ),
  verify: (data, paint) =>
    rows(data["checks"]).map((check) =>
      check["ok"]
        ? `${paint("green", "✓")} ${text(check["check"])}`
        : `${paint("red", "✗")} ${text(check["check"])}: ${text(check["message"])}${check["hint"] ? `\n  ${text(check["hint"])}` : ""}`,
    ),
  check: findingLines,
  doctor: doctorResult,
  "doctor explain": (data, paint) => [
    paint("bold", text(data["title"])),
    text(data["why"]),
    `${paint("cyan", "next")} ${text(data["next"])}`,
  ],
  audit: auditResult,
  init: (data, paint) => [`${paint("green", "✓")} wrote ${text(data["file"])}`, ...texts(data["next"]).map((line) => `  ${line}`)],
  logs: (data) =>
    rows(data["units"]).flatMap((unit) =>
      text(unit["log"])
        .split("\n")
        .map((line) => `${text(unit["name"])} | ${line}`),
    ),
  ...setupResults,
  recover: () => ["nothing to recover: the last deployment came to its end"],
  report: (data) => [text(data["markdown"]).trimEnd()],
};

/** What is as it should be in one line, the rest in colour. */
function migrationLines(found: Json | undefined, paint: Paint): string[] {
  if (typeof found !== "object" || found === null || Array.isArray(found)) return [];
  const [usual = "", ...unusual] = texts(found["said"]);
  return [`migrations  ${usual}`, ...unusual.map((line) => `migrations  ${paint("yellow", line)}`)];
}
