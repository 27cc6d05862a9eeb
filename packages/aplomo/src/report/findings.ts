import type { Paint } from "./colours.ts";
import { rows, type Row } from "./table.ts";
import { text } from "./value.ts";

/** Findings with their next acts, or that all is sound. */
export function findingLines(data: Row, paint: Paint): string[] {
  const found = rows(data["findings"]);
  if (found.length === 0) return [`${paint("green", "✓")} ${text(data["summary"])}`];
  const lines = found.map(
    (finding) =>
      `${paint("red", "✗")} ${text(finding["where"])}: ${text(finding["message"])}${finding["hint"] ? `\n  ${text(finding["hint"])}` : ""}`,
  );
  return [...lines, `${found.length} findings`];
}
