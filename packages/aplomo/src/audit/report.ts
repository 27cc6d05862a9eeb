import type { Audit, Finding, Score } from "./audit.ts";
import { maskLine } from "./mask.ts";
import type { Model } from "./model/model.ts";
import type { Place } from "./place.ts";
import { severities, type Severity } from "./rule.ts";
import { timelines, timelineText } from "./timeline.ts";
import type { Unread } from "./tree/tree.ts";

/** A finding as plain data: what printers and `--json` show. */
export interface ShownFinding {
  rule: string;
  title: string;
  area: string;
  severity: Severity;
  file: string;
  line: number;
  column: number;
  endColumn: number;
  message: string;
  hint: string;
  why: string;
  incident: string | null;
  fingerprint: string;
  fixable: boolean;
  /** The line, secrets hidden. */
  code: string;
  related: { file: string; line: number; column: number; message: string }[];
}

export interface AuditReport {
  format: string;
  path: string;
  /** The lowest severity that is shown and counts. */
  threshold: Severity;
  findings: ShownFinding[];
  /** Found, and below the threshold. */
  below: number;
  /** Found, and in the baseline or in the commit compared with. */
  known: number;
  since: string | null;
  ignored: (ShownFinding & { reason: string })[];
  unread: { file: string; reason: string; line: number | null }[];
  scores: Score[];
  timelines: { name: string; text: string; limits: { name: string; ms: number; file: string; line: number; isDefault: boolean }[] }[];
  rules: number;
  files: number;
}

export interface ReportOptions {
  format: string;
  path: string;
  threshold: Severity;
  since?: string | undefined;
  /** Fingerprints that are known already. */
  known: ReadonlySet<string>;
}

export function reportOf(model: Model, made: Audit, options: ReportOptions): AuditReport {
  const fresh = made.findings.filter((finding) => !options.known.has(finding.fingerprint));
  const shown = fresh.filter((finding) => reaches(finding.severity, options.threshold));
  return {
    format: options.format,
    path: options.path,
    threshold: options.threshold,
    findings: shown.map((finding) => show(model, finding)),
    below: fresh.length - shown.length,
    known: made.findings.length - fresh.length,
    since: options.since ?? null,
    ignored: made.ignored.map(({ finding, reason }) => ({ ...show(model, finding), reason })),
    unread: model.unread.map((one: Unread) => ({ file: one.file, reason: one.reason, line: one.line ?? null })),
    scores: made.scores,
    timelines: timelines(model).map((line) => ({
      name: line.start.name,
      text: timelineText(line),
      limits: line.limits.map(({ name, ms, place, isDefault }) => ({ name, ms, file: place.file, line: place.line, isDefault })),
    })),
    rules: made.rules,
    files: model.sources.size,
  };
}

/** Whether a severity is as grave as the threshold, or graver. */
export function reaches(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(threshold);
}

function show(model: Model, finding: Finding): ShownFinding {
  const { rule, place } = finding;
  const line = model.sources.get(place.file)?.line(place.line) ?? "";
  return {
    rule: rule.id,
    title: rule.title,
    area: rule.area,
    severity: finding.severity,
    ...position(place),
    endColumn: Math.max(place.column + 1, Math.min(place.column + place.end - place.start, line.length + 1)),
    message: finding.message,
    hint: finding.hint,
    why: rule.why,
    incident: rule.incident ?? null,
    fingerprint: finding.fingerprint,
    fixable: finding.fix !== undefined,
    code: maskLine(line),
    related: finding.related.map((one) => ({ ...position(one.place), message: one.message })),
  };
}

function position({ file, line, column }: Place): { file: string; line: number; column: number } {
  return { file, line, column };
}
