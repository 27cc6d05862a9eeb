import { counted } from "../../base/count.ts";
import type { AuditReport } from "../../audit/report.ts";

const commands: Record<string, string> = { error: "error", warning: "warning", info: "notice" };

/** Workflow commands of GitHub Actions: one line a finding, shown at its line of the pull request. */
export function github(report: AuditReport): string[] {
  const data = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return [
    ...report.findings.map(
      (one) =>
        `::${commands[one.severity]} file=${property(one.file)},line=${one.line},col=${one.column},title=${property(one.rule)}::${data(`${one.message}. ${one.hint}`)}`,
    ),
    ...report.unread.map((one) => `::error file=${property(one.file)},line=${one.line ?? 1},title=not read::${data(one.reason)}`),
  ];
}

/** A page: the score, then findings by severity. */
export function markdown(report: AuditReport): string[] {
  const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const scores = report.scores.map(
    (score) =>
      `| ${score.area} | ${Math.round((100 * score.points) / score.of)} % | ${score.points} of ${score.of} | ${score.lost.map((one) => `\`${one.rule}\` −${one.points}`).join(", ")} |`,
  );
  return [
    "# Audit",
    "",
    `${counted(report.findings.length, "finding")} in ${counted(report.files, "file")} by ${counted(report.rules, "rule")}${report.since === null ? "" : `, new since ${report.since}`}.`,
    "",
    "| area | score | points | taken off |",
    "|---|---|---|---|",
    ...scores,
    "",
    ...(report.findings.length > 0
      ? [
          "| severity | where | what | next |",
          "|---|---|---|---|",
          ...report.findings.map(
            (one) => `| ${one.severity} | \`${cell(one.file)}:${one.line}\` | ${cell(one.message)} (\`${one.rule}\`) | ${cell(one.hint)} |`,
          ),
          "",
        ]
      : []),
    ...(report.timelines.length > 0
      ? ["| what | times in order |", "|---|---|", ...report.timelines.map((line) => `| ${cell(line.name)} | ${cell(line.text)} |`), ""]
      : []),
    ...(report.unread.length > 0 ? ["Not read:", "", ...report.unread.map((one) => `- \`${one.file}\`: ${one.reason}`)] : []),
  ];
}

/** JUnit XML: a suite for each area, a failure for each finding. */
export function junit(report: AuditReport): string[] {
  const safe = (text: string): string =>
    // XML has no way to write most control characters.
    text
      .replace(/\p{Cc}/gu, " ")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;");
  const suites = report.scores.map((score) => {
    const found = report.findings.filter((finding) => finding.area === score.area);
    const cases = found.map(
      (one) =>
        `    <testcase classname="${safe(one.rule)}" name="${safe(`${one.file}:${one.line}`)}" file="${safe(one.file)}" line="${one.line}"><failure type="${one.severity}" message="${safe(one.message)}">${safe(one.hint)}</failure></testcase>`,
    );
    const good = found.length === 0 ? [`    <testcase classname="${safe(score.area)}" name="nothing found"/>`] : [];
    return [
      `  <testsuite name="${safe(score.area)}" tests="${Math.max(1, found.length)}" failures="${found.length}" errors="0">`,
      ...cases,
      ...good,
      "  </testsuite>",
    ];
  });
  const unread =
    report.unread.length > 0
      ? [
          `  <testsuite name="files" tests="${report.unread.length}" failures="0" errors="${report.unread.length}">`,
          ...report.unread.map(
            (one) => `    <testcase classname="files" name="${safe(one.file)}"><error message="${safe(one.reason)}"/></testcase>`,
          ),
          "  </testsuite>",
        ]
      : [];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="aplomo audit" tests="${report.findings.length}" failures="${report.findings.length}">`,
    ...suites.flat(),
    ...unread,
    "</testsuites>",
  ];
}
