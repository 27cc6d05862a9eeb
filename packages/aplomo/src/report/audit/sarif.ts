import type { AuditReport } from "../../audit/report.ts";
import { version } from "../../base/version.ts";

const levels: Record<string, string> = { error: "error", warning: "warning", info: "note" };

/** SARIF 2.1.0, as code scanning takes it. */
export function sarif(report: AuditReport): string {
  const ids = [...new Set(report.findings.map((finding) => finding.rule))];
  const region = (line: number, column: number, endColumn?: number): object => ({
    startLine: line,
    startColumn: column,
    ...(endColumn === undefined ? {} : { endColumn }),
  });
  const location = (file: string): object => ({ uri: encodeURI(file), uriBaseId: "%SRCROOT%" });
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "aplomo audit",
            version,
            informationUri: "https://github.com/aplomo/aplomo/blob/main/docs/AUDIT.md",
            rules: ids.map((id) => {
              const finding = report.findings.find((one) => one.rule === id);
              return {
                id,
                shortDescription: { text: finding?.title ?? id },
                fullDescription: { text: finding?.why ?? id },
                defaultConfiguration: { level: levels[finding?.severity ?? "info"] },
                properties: { tags: [finding?.area ?? "audit"] },
              };
            }),
          },
        },
        results: report.findings.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: ids.indexOf(finding.rule),
          level: levels[finding.severity],
          message: { text: `${finding.message}. ${finding.hint}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: location(finding.file),
                region: region(finding.line, finding.column, finding.endColumn),
              },
            },
          ],
          relatedLocations: finding.related.map((one, index) => ({
            id: index,
            message: { text: one.message },
            physicalLocation: { artifactLocation: location(one.file), region: region(one.line, one.column) },
          })),
          partialFingerprints: { "aplomo/v1": finding.fingerprint },
        })),
        invocations: [
          {
            executionSuccessful: report.unread.length === 0,
            toolExecutionNotifications: report.unread.map((one) => ({
              level: "error",
              message: { text: `${one.file} was not read: ${one.reason}` },
              locations: [{ physicalLocation: { artifactLocation: location(one.file), region: region(one.line ?? 1, 1) } }],
            })),
          },
        ],
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}
