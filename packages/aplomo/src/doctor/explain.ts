import { UsageError } from "../base/errors.ts";
import { groups, rules } from "./rules/index.ts";

/** Everything about a rule, as plain data. */
export interface Explanation {
  rule: string;
  title: string;
  why: string;
  next: string;
}

export function explain(id: string): Explanation {
  const rule = rules.find((one) => one.id === id);
  if (rule) return { rule: id, title: rule.title, why: rule.why, next: rule.next };
  const near = rules.filter((one) => one.id.includes(id) || id.includes(one.id.split("-")[0] ?? id)).map((one) => one.id);
  const hint = near.length > 0 ? `perhaps ${near.slice(0, 6).join(", ")}` : "the rules are in docs/TROUBLESHOOTING.md";
  throw new UsageError({ operation: "explain", subject: id, cause: "there is no such rule", hint });
}

/** The part of docs/TROUBLESHOOTING.md that is made from the rules; `say` says it in another language. */
export function page(say: (text: string) => string = (text) => text): string {
  return groups.map(({ title, rules: own }) => [`## ${say(title)}`, ...own.map((rule) => section(rule, say))].join("\n\n")).join("\n\n");
}

function section({ id, ...rule }: (typeof rules)[number], say: (text: string) => string): string {
  const title = say(rule.title);
  return `### \`${id}\`\n\n**${title[0]?.toUpperCase()}${title.slice(1)}.** ${say(rule.why)}\n\n*${say("Next")}:* ${say(rule.next)}`;
}
