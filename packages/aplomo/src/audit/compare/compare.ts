import { counted } from "../../base/count.ts";
import type { Finding } from "../audit.ts";
import type { Audited } from "../run.ts";
import { points, type Point } from "./points.ts";

export type Priority = "high" | "medium" | "low" | "";

export interface Row {
  point: string;
  reference: string;
  subject: string;
  priority: Priority;
}

export interface Comparison {
  rows: Row[];
  /** What to do, quick wins first. */
  phases: { title: string; acts: string[] }[];
}

/** Two applications, point by point, and what the second lacks in an order that begins with what is quick and matters. */
export function compare(reference: Audited, subject: Audited): Comparison {
  const made = points.map((point) => {
    const [theirs, ours] = [point.look(reference.model), point.look(subject.model)];
    const found = subject.made.findings.filter((finding) => point.rules.test(finding.rule.id));
    const wrong = reference.made.findings.filter((finding) => point.rules.test(finding.rule.id));
    return { point, theirs, ours, found, wrong, priority: priorityOf(point, theirs, ours, found) };
  });
  const order: Priority[] = ["high", "medium", "low", ""];
  const rows = made
    .map(({ point, theirs, ours, found, wrong, priority }) => ({
      point: point.name,
      reference: cell(theirs, wrong),
      subject: cell(ours, found),
      priority,
    }))
    .sort((a, b) => order.indexOf(a.priority) - order.indexOf(b.priority));
  const gaps = made.filter(({ priority }) => priority !== "").sort((a, b) => order.indexOf(a.priority) - order.indexOf(b.priority));
  const acts = (wanted: (gap: (typeof gaps)[number]) => boolean): string[] =>
    gaps.filter(wanted).map(({ point, found, ours, priority }) => {
      const [first] = found;
      return `${point.name} (${priority}): ${ours !== undefined && first ? `${first.hint} (${first.place.file}:${first.place.line}, ${counted(found.length, "finding")})` : point.act}`;
    });
  const phases = [
    { title: "quick wins", acts: acts(({ point, priority }) => point.quick && priority !== "low") },
    { title: "what a deploy stands on", acts: acts(({ point, priority }) => !point.quick && priority === "high") },
    { title: "afterwards", acts: acts(({ point, priority }) => (!point.quick && priority === "medium") || priority === "low") },
  ].filter((phase) => phase.acts.length > 0);
  return { rows, phases };
}

function priorityOf(point: Point, theirs: string | undefined, ours: string | undefined, found: readonly Finding[]): Priority {
  if (found.some((finding) => finding.severity === "error")) return "high";
  if (ours === undefined && theirs !== undefined) return point.weight;
  if (found.some((finding) => finding.severity === "warning")) return "medium";
  return found.length > 0 ? "low" : "";
}

function cell(text: string | undefined, found: readonly Finding[]): string {
  const grave = found.filter((finding) => finding.severity !== "info");
  const aside =
    grave.length > 0
      ? `, ${[...new Set(grave.map((finding) => finding.rule.id))].slice(0, 2).join(", ")}${grave.length > 2 ? " ..." : ""}`
      : "";
  return `${text ?? "none"}${aside}`;
}
