import { counted } from "../base/count.ts";
import type { Paint } from "./colours.ts";
import { rows, type Row } from "./table.ts";
import { text } from "./value.ts";
import type { Say } from "./lang/say.ts";

/** Findings with their next acts, or that all is sound. */
export function findingLines(data: Row, paint: Paint, say: Say): string[] {
  const found = rows(data["findings"]);
  if (found.length === 0) return [`${paint("green", "✓")} ${say(text(data["summary"]))}`];
  const lines = found.map(
    (finding) =>
      `${paint("red", "✗")} ${text(finding["where"])}: ${say(text(finding["message"]))}${finding["hint"] ? `\n  ${say(text(finding["hint"]))}` : ""}`,
  );
  return [...lines, say(counted(found.length, "finding"))];
}
