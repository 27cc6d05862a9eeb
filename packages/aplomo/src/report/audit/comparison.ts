import type { Comparison } from "../../audit/compare/compare.ts";
import type { Say } from "../lang/say.ts";

export interface ShownComparison extends Comparison {
  reference: string;
  path: string;
}

/** A table as Markdown, which reads as well in a terminal, and the plan below it. */
export function comparisonText({ reference, path, rows, phases }: ShownComparison, say: Say): string[] {
  const cells = [
    [say("point"), say`reference ${reference}`, say`subject ${path}`, say("priority")],
    ...rows.map((row) => [say(row.point), say(row.reference), say(row.subject), say(row.priority)]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.min(60, Math.max(...cells.map((row) => (row[column] ?? "").length))));
  const line = (row: string[]): string =>
    `| ${row.map((cell, column) => cell.replaceAll("|", "\\|").padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [
    line(head),
    `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`,
    ...body.map(line),
    "",
    ...phases.flatMap((phase, index) => [say`Phase ${index + 1}: ${say(phase.title)}`, ...phase.acts.map((act) => `  - ${say(act)}`), ""]),
    ...(phases.length === 0 ? [say("nothing is missing")] : []),
  ];
}
