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

/** The part of docs/TROUBLESHOOTING.md that is made from the rules. */
export function page(): string {
  return groups.map(({ title, rules: own }) => [`## ${title}`, ...own.map(section)].join("\n\n")).join("\n\n");
}

function section({ id, title, why, next }: (typeof rules)[number]): string {
  return `### \`${id}\`\n\n**${title[0]?.toUpperCase()}${title.slice(1)}.** ${why}\n\n*Next:* ${next}`;
}
