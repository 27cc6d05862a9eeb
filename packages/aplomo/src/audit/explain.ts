import { UsageError } from "../base/errors.ts";
import { exampleFiles, type Rule } from "./rule.ts";
import { weights } from "./audit.ts";

/** Everything about a rule, as plain data. */
export interface Explanation {
  rule: string;
  title: string;
  area: string;
  severity: string;
  points: number;
  why: string;
  incident: string | null;
  bad: Record<string, string>;
  good: Record<string, string>;
}

export function explain(rules: readonly Rule[], id: string): Explanation {
  const rule = rules.find((one) => one.id === id);
  if (!rule) {
    const near = rules.filter((one) => one.id.includes(id) || id.includes(one.id.split("-")[0] ?? id)).map((one) => one.id);
    throw new UsageError({
      operation: "explain",
      subject: id,
      cause: "there is no such rule",
      hint: near.length > 0 ? `perhaps ${near.slice(0, 6).join(", ")}` : `the rules are in docs/AUDIT.md`,
    });
  }
  const { title, area, severity, why, incident } = rule;
  return {
    rule: id,
    title,
    area,
    severity,
    points: weights[severity],
    why,
    incident: incident ?? null,
    bad: exampleFiles(rule.example, "bad"),
    good: exampleFiles(rule.example, "good"),
  };
}
