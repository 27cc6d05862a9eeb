import type { Observed, Part } from "./observed.ts";
import type { Found, Rule } from "./rule.ts";
import { rules } from "./rules/index.ts";

export interface Finding extends Omit<Found, "level" | "next"> {
  rule: string;
  level: "error" | "warning";
  next: string;
}

export interface Diagnosis {
  /** Errors first. */
  findings: Finding[];
  /** Rules that were asked. */
  asked: number;
  /** Parts that could not be looked at, and why. */
  unseen: { part: Part; message: string; hint: string | null }[];
}

/** Pure: every cause that what was observed shows. What is only a symptom is left out where a cause explains it. */
export function diagnose(seen: Observed, all: readonly Rule[] = rules): Diagnosis {
  const asked = all.filter(({ needs }) => needs.every((part) => seen[part] !== undefined));
  const found = asked.flatMap((rule) => rule.check(seen).map((found) => ({ rule, finding: toFinding(rule, found) })));
  const byCause = new Set(subjects(found, (weight) => weight === undefined));
  const byGuess = new Set(subjects(found, (weight) => weight === "guess"));
  const told = found.filter(({ rule: { weight }, finding: { subject } }) => {
    if (weight === undefined) return true;
    return !byCause.has(subject) && (weight === "guess" || !byGuess.has(subject));
  });
  return {
    findings: told
      .map(({ finding }) => finding)
      .toSorted((one, other) => Number(one.level === "warning") - Number(other.level === "warning")),
    asked: asked.length,
    unseen: Object.entries(seen.unseen).map(([part, why]) => ({ part: part as Part, ...why })),
  };
}

/** What errors are about that rules of some weight have found. */
function subjects(found: readonly { rule: Rule; finding: Finding }[], of: (weight: Rule["weight"]) => boolean): string[] {
  return found.filter(({ rule, finding }) => of(rule.weight) && finding.level === "error").map(({ finding }) => finding.subject);
}

function toFinding(rule: Rule, { subject, message, evidence, next, level }: Found): Finding {
  return { rule: rule.id, level: level ?? "error", subject, message, evidence, next: next ?? rule.next };
}
