import { counted } from "../../base/count.ts";
import type { AuditReport, ShownFinding } from "../../audit/report.ts";
import type { Explanation } from "../../audit/explain.ts";
import type { Colour, Paint } from "../colours.ts";
import type { Say } from "../lang/say.ts";

const colours: Record<string, Colour> = { error: "red", warning: "yellow", info: "cyan" };

/** For people: each finding with its line, then what could not be read, times in order, and the score with its arithmetic. */
export function auditText(report: AuditReport, paint: Paint, say: Say): string[] {
  return [
    ...report.findings.flatMap((finding) => findingText(finding, paint, say)),
    ...report.unread.map(
      (one) => `${paint("red", say("not read"))} ${one.file}${one.line === null ? "" : `:${one.line}`}: ${say(one.reason)}`,
    ),
    ...(report.unread.length > 0 ? [""] : []),
    ...report.timelines.map((line) => `${paint("bold", say(line.name))}: ${say(line.text)}`),
    ...(report.timelines.length > 0 ? [""] : []),
    ...scoreText(report, paint, say),
    "",
    summary(report, paint, say),
  ];
}

function findingText(finding: ShownFinding, paint: Paint, say: Say): string[] {
  const { severity, file, line, column, code } = finding;
  const number = String(line);
  const shown = code.replaceAll("\t", " ");
  // A long line is shown from shortly before what it is about.
  const from = shown.length > 110 && column > 60 ? column - 30 : 0;
  const cut = `${from > 0 ? "…" : ""}${shown.slice(from, from + 110)}`;
  const marked = Math.max(1, Math.min(finding.endColumn, code.length + 1) - column);
  const pad = " ".repeat(number.length);
  return [
    `${paint(colours[severity] ?? "cyan", say(severity))} ${paint("bold", say(finding.message))}`,
    `  ${file}:${line}:${column}  ${paint("dim", `${finding.rule}${finding.fixable ? say(", --fix can") : ""}`)}`,
    ...(code.trim() === ""
      ? []
      : [
          `  ${paint("dim", `${number} |`)} ${cut}`,
          `  ${paint("dim", `${pad} |`)} ${" ".repeat(Math.max(0, column - 1 - from + (from > 0 ? 1 : 0)))}${paint(colours[severity] ?? "cyan", "^".repeat(Math.min(marked, Math.max(1, cut.length - column + 1 + from))))}`,
        ]),
    ...finding.related.map((one) => `  ${paint("dim", `${one.file}:${one.line}`)} ${say(one.message)}`),
    `  ${paint("cyan", say(finding.hint))}`,
    "",
  ];
}

function scoreText(report: AuditReport, paint: Paint, say: Say): string[] {
  const rows = report.scores.filter((score) => score.of > 0);
  const width = Math.max(...rows.map((score) => say(score.area).length), 0);
  return rows.map((score) => {
    const share = Math.round((100 * score.points) / score.of);
    const lost = score.lost.map((one) => `${one.rule} −${one.points}`).join(", ");
    const colour: Colour = share >= 90 ? "green" : share >= 60 ? "yellow" : "red";
    return say`${say(score.area).padEnd(width)}  ${paint(colour, `${String(share).padStart(3)} %`)}  ${score.points} of ${say(counted(score.of, "point"))}${lost === "" ? "" : `: ${lost}`}`;
  });
}

function summary(report: AuditReport, paint: Paint, say: Say): string {
  const count = (severity: string): number => report.findings.filter((finding) => finding.severity === severity).length;
  const parts = ["error", "warning", "info"]
    .filter((severity) => count(severity) > 0)
    .map((severity) => `${count(severity)} ${say(`${severity}${count(severity) === 1 || severity === "info" ? "" : "s"}`)}`);
  const aside = [
    ...(report.below > 0 ? [say`${report.below} below ${report.threshold} not shown (--severity info)`] : []),
    ...(report.known > 0
      ? [say`${report.known} known ${report.since === null ? say("by the baseline") : say`since before ${report.since}`}`]
      : []),
    ...(report.ignored.length > 0 ? [say`${report.ignored.length} ignored with a reason`] : []),
  ];
  const found = parts.length > 0 ? paint(count("error") > 0 ? "red" : "yellow", parts.join(", ")) : paint("green", say("nothing found"));
  return say`${found} in ${say(counted(report.files, "file"))} by ${say(counted(report.rules, "rule"))}${aside.length > 0 ? `; ${aside.join("; ")}` : ""}`;
}

export function explanationText(one: Explanation, paint: Paint, say: Say): string[] {
  const files = (all: Record<string, string>): string[] =>
    Object.entries(all).flatMap(([path, text]) => [
      `  ${paint("dim", path)}`,
      ...text
        .trimEnd()
        .split("\n")
        .map((line) => `    ${line}`),
    ]);
  return [
    `${paint("bold", one.rule)}: ${say(one.title)}`,
    say`${say(one.severity)} (${say(counted(one.points, "point"))} of ${say(one.area)}): ${say(one.why)}.`,
    ...(one.incident === null ? [] : [say`incident ${say(one.incident)}`]),
    "",
    paint("red", say("found")),
    ...files(one.bad),
    "",
    paint("green", say("right")),
    ...files(one.good),
    "",
    paint("dim", say`to keep it as it is, with a reason: # aplomo-ignore ${one.rule}: why`),
  ];
}
