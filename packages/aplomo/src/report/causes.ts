import type { CauseNote } from "../base/events.ts";
import type { Paint } from "./colours.ts";
import type { Say } from "./lang/say.ts";

/** A line of evidence: our own words are said, those of programs are left. */
export const evidenceLine = (line: string, say: Say): string => say(`| ${line}`);
/** `database main`; a single word is a name. */
export const subjectOf = (subject: string, say: Say): string => (subject.includes(" ") ? say(subject) : subject);

/** Each cause with what shows it and the next act. */
export function causeLines(causes: readonly CauseNote[], paint: Paint, say: Say, mark = say("cause")): string[] {
  return causes.flatMap(({ rule, subject, message, evidence, next }) => [
    `${paint("red", mark)} ${subjectOf(subject, say)}: ${say(message)} ${paint("dim", `[${rule}]`)}`,
    ...evidence.map((line) => `  ${paint("dim", evidenceLine(line, say))}`),
    `  ${paint("cyan", say(next))}`,
  ]);
}

/** As Markdown, for reports. */
export function causeSection(causes: readonly CauseNote[], say: Say): string[] {
  if (causes.length === 0) return [];
  const items = causes.flatMap(({ rule, subject, message, evidence, next }) => [
    `- **${subjectOf(subject, say)}**: ${say(message)} (\`${rule}\`)`,
    ...evidence.map((line) => `  - \`${evidenceLine(line, say).slice(2).replaceAll("`", "'")}\``),
    say`  - Next: ${say(next)}`,
  ]);
  return [say("Causes found:"), "", ...items, ""];
}
