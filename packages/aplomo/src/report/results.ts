import type { Json } from "../base/events.ts";
import { formatDuration } from "../base/time.ts";
import { auditResult } from "./audit/result.ts";
import type { Paint } from "./colours.ts";
import { text } from "./value.ts";

type Row = { [name: string]: Json };

/** What a command found, for people. The JSON printer prints the same data as it is. */
export function resultText(command: string, data: Json, paint: Paint): string[] {
  const show = renderers[command];
  return show ? show(data as Row, paint) : JSON.stringify(data, null, 2).split("\n");
}

const renderers: Record<string, (data: Row, paint: Paint) => string[]> = {
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
    ...rows(data["backups"]).map(
      (backup) =>
        `last backup of ${text(backup["database"])}: ${backup["id"] === null ? paint("red", "none") : `${text(backup["id"])}, ${text(backup["age"])} ago`}`,
    ),
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
  check: (data, paint) => [
    ...rows(data["findings"]).map(
      (finding) =>
        `${paint("red", "✗")} ${text(finding["where"])}: ${text(finding["message"])}${finding["hint"] ? `\n  ${text(finding["hint"])}` : ""}`,
    ),
    rows(data["findings"]).length === 0 ? `${paint("green", "✓")} ${text(data["summary"])}` : `${rows(data["findings"]).length} findings`,
  ],
  audit: auditResult,
  "backup list": (data) =>
    tableOr(
      "no backup yet: aplomo backup run",
      ["backup", "database", "tier", "release", "rows", "bytes", "proven", "made"],
      rows(data["backups"]).map((one) => [
        one["id"],
        one["database"],
        one["tier"],
        one["release"],
        one["rows"],
        one["bytes"],
        one["proven"],
        one["createdAt"],
      ]),
    ),
  "backup run": (data, paint) =>
    rows(data["backups"]).map((one) => `${paint("green", "✓")} ${text(one["id"])}: ${text(one["rows"])} rows, ${text(one["bytes"])} bytes`),
  "backup restore": (data, paint) => [
    `${paint("green", "✓")} ${text(data["backup"])} is the data of ${text(data["database"])}; the data before it is kept as ${text(data["kept"])}`,
  ],
  init: (data, paint) => [`${paint("green", "✓")} wrote ${text(data["file"])}`, ...texts(data["next"]).map((line) => `  ${line}`)],
  logs: (data) =>
    rows(data["units"]).flatMap((unit) =>
      text(unit["log"])
        .split("\n")
        .map((line) => `${text(unit["name"])} | ${line}`),
    ),
  recover: () => ["nothing to recover: the last deployment came to its end"],
  report: (data) => [text(data["markdown"]).trimEnd()],
};

function rows(value: Json | undefined): Row[] {
  return Array.isArray(value) ? (value as Row[]) : [];
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function tableOr(empty: string, head: string[], body: (Json | undefined)[][]): string[] {
  return body.length === 0 ? [empty] : table(head, body);
}

/** Columns as wide as their widest cell; empty when there is no row. */
function table(head: string[], body: (Json | undefined)[][]): string[] {
  if (body.length === 0) return [];
  const cells = [head, ...body.map((row) => row.map((cell) => text(cell)))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
