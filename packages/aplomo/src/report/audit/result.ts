import type { Json } from "../../base/events.ts";
import type { Explanation } from "../../audit/explain.ts";
import type { AuditReport } from "../../audit/report.ts";
import type { Paint } from "../colours.ts";
import { comparisonText, type ShownComparison } from "./comparison.ts";
import { github, junit, markdown } from "./files.ts";
import { sarif } from "./sarif.ts";
import { auditText, explanationText } from "./text.ts";
import type { Say } from "../lang/say.ts";

/** What `aplomo audit` found, in the format that was asked for. */
export function auditResult(data: Json, paint: Paint, say: Say): string[] {
  const report = data as unknown as AuditReport;
  switch (report.format) {
    case "json":
      return JSON.stringify(report, null, 2).split("\n");
    case "sarif":
      return sarif(report).split("\n");
    case "github":
      return github(report);
    case "markdown":
      return markdown(report);
    case "junit":
      return junit(report);
    case "explain":
      return explanationText((data as unknown as { explanation: Explanation }).explanation, paint, say);
    case "comparison":
      return comparisonText(data as unknown as ShownComparison, say);
    case "lines":
      return (data as unknown as { lines: string[] }).lines;
    default:
      return auditText(report, paint, say);
  }
}
