import type { CauseNote } from "../base/events.ts";
import type { Paint } from "./colours.ts";

/** Each cause with what shows it and the next act. */
export function causeLines(causes: readonly CauseNote[], paint: Paint, mark = "cause"): string[] {
  return causes.flatMap(({ rule, subject, message, evidence, next }) => [
    `${paint("red", mark)} ${subject}: ${message} ${paint("dim", `[${rule}]`)}`,
    ...evidence.map((line) => `  ${paint("dim", `| ${line}`)}`),
    `  ${paint("cyan", next)}`,
  ]);
}

/** As Markdown, for reports. */
export function causeSection(causes: readonly CauseNote[]): string[] {
  if (causes.length === 0) return [];
  const items = causes.flatMap(({ rule, subject, message, evidence, next }) => [
    `- **${subject}**: ${message} (\`${rule}\`)`,
    ...evidence.map((line) => `  - \`${line.replaceAll("`", "'")}\``),
    `  - Next: ${next}`,
  ]);
  return ["Causes found:", "", ...items, ""];
}
