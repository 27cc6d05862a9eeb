import type { CauseNote } from "../base/events.ts";
import { causeLines } from "./causes.ts";
import type { Paint } from "./colours.ts";
import { rows, type Row } from "./table.ts";
import { text } from "./value.ts";
import type { Say } from "./lang/say.ts";

/** A diagnosis for people: errors, then warnings, then what could not be looked at. */
export function doctorResult(data: Row, paint: Paint, say: Say): string[] {
  const findings = rows(data["findings"]);
  const of = (level: string): CauseNote[] => findings.filter((one) => one["level"] === level) as unknown as CauseNote[];
  const unseen = rows(data["unseen"]).map(
    (one) =>
      say`${paint("yellow", "?")} ${say(text(one["part"]))} could not be looked at: ${say(text(one["message"]))}${one["hint"] ? `\n  ${paint("cyan", say(text(one["hint"])))}` : ""}`,
  );
  const sound =
    findings.length + unseen.length === 0
      ? [say`${paint("green", "✓")} no cause of trouble was found: ${text(data["asked"])} were looked for`]
      : [];
  return [...causeLines(of("error"), paint, say, "✗"), ...causeLines(of("warning"), paint, say, "!"), ...unseen, ...sound];
}
