import type { CauseNote } from "../base/events.ts";
import type { Paint } from "./colours.ts";
import type { Say } from "./lang/say.ts";

/** Each cause with what shows it and the next act. */
export function causeLines(causes: readonly CauseNote[], paint: Paint, say: Say, mark = say("cause")): string[] {
  return causes.flatMap(({ rule, subject, message, evidence, next }) => [
    `${paint("red", mark)} ${subject}: ${say(message)} ${paint("dim", `[${rule}]`)}`,
    ...evidence.map((line) => `  ${paint("dim", `| ${line}`)}`),
    `  ${paint("cyan", say(next))}`,
  ]);
}

/** As Markdown, for reports. */
export function causeSection(causes: readonly CauseNote[], say: Say): string[] {
  if (causes.length === 0) return [];
  const items = causes.flatMap(({ rule, subject, message, evidence, next }) => [
    `- **${subject}**: ${say(message)} (\`${rule}\`)`,
    ...evidence.map((line) => `  - \`${line.replaceAll("`", "'")}\``),
    say`  - Next: ${say(next)}`,
  ]);
  return [say("Causes found:"), "", ...items, ""];
}
