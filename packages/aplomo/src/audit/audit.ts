import { createHash } from "node:crypto";
import { ignores, type Ignore } from "./ignore.ts";
import type { Model } from "./model/model.ts";
import type { Place } from "./place.ts";
import { areas, severities, type Area, type Fix, type Found, type Need, type Rule, type Severity } from "./rule.ts";

/** What an audit found at one place. */
export interface Finding {
  rule: Rule;
  severity: Severity;
  place: Place;
  message: string;
  hint: string;
  related: { place: Place; message: string }[];
  fix: Fix | undefined;
  /** The same for the same line of the same file, wherever the line moves to. */
  fingerprint: string;
}

export interface Score {
  area: Area;
  points: number;
  of: number;
  /** What was taken off, by rule. */
  lost: { rule: string; points: number }[];
}

export interface Audit {
  findings: Finding[];
  /** Found, and ignored in the file with a reason. */
  ignored: { finding: Finding; reason: string }[];
  scores: Score[];
  rules: number;
}

/** What a rule weighs in its area's score. */
export const weights: Record<Severity, number> = { error: 10, warning: 4, info: 1 };

/** Asks every rule that has something to look at. */
export function audit(model: Model, rules: readonly Rule[]): Audit {
  const asked = rules.filter((rule) => rule.needs.every((need) => has(model, need)));
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  const all = asked.flatMap((rule) =>
    rule.check(model).flatMap((found) => {
      const key = `${rule.id} ${found.place.file} ${found.place.start} ${found.place.end}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [finding(model, rule, found, counts)];
    }),
  );
  const order = (one: Finding): number => severities.indexOf(one.severity);
  all.sort(
    (a, b) => order(a) - order(b) || (a.place.file < b.place.file ? -1 : a.place.file > b.place.file ? 1 : a.place.start - b.place.start),
  );
  const { kept, ignored } = separate(model, all);
  return {
    findings: kept,
    ignored, // What only developers use takes nothing off.
    scores: scores(
      asked,
      kept.filter((one) => !model.developmentFiles.has(one.place.file)),
    ),
    rules: asked.length,
  };
}

function finding(model: Model, rule: Rule, found: Found, counts: Map<string, number>): Finding {
  const { place, message, hint } = found;
  // What only developers start may do what production may not.
  const own = found.severity ?? rule.severity;
  const severity = model.developmentFiles.has(place.file)
    ? "info"
    : own === "error" && model.supportFiles.has(place.file)
      ? "warning"
      : own;
  const line = (model.sources.get(place.file)?.line(place.line) ?? "").replace(/\s+/g, " ").trim();
  const base = createHash("sha256").update(`${rule.id}\n${place.file}\n${line}`).digest("hex").slice(0, 16);
  const number = (counts.get(base) ?? 0) + 1;
  counts.set(base, number);
  return {
    rule,
    severity,
    place,
    message,
    hint,
    related: found.related ?? [],
    fix: found.fix,
    fingerprint: number === 1 ? base : `${base}-${number}`,
  };
}

function separate(model: Model, all: Finding[]): { kept: Finding[]; ignored: Audit["ignored"] } {
  const byFile = new Map<string, Ignore[]>();
  const kept: Finding[] = [];
  const ignored: Audit["ignored"] = [];
  for (const one of all) {
    const { file, line } = one.place;
    const source = model.sources.get(file);
    if (source && !byFile.has(file)) byFile.set(file, ignores(source));
    const found = byFile.get(file)?.find((ignore) => ignore.rule === one.rule.id && ignore.line === line && ignore.reason !== "");
    if (found) ignored.push({ finding: one, reason: found.reason });
    else kept.push(one);
  }
  return { kept, ignored };
}

/** Each rule that could be asked is worth its severity's points, once; the finding's severity decides what is lost. */
function scores(asked: readonly Rule[], findings: readonly Finding[]): Score[] {
  return areas.flatMap((area) => {
    const rules = asked.filter((rule) => rule.area === area);
    if (rules.length === 0) return [];
    const lost = rules.flatMap((rule) => {
      const worst = Math.max(
        0,
        ...findings.filter((one) => one.rule === rule).map((one) => Math.min(weights[one.severity], weights[rule.severity])),
      );
      return worst > 0 ? [{ rule: rule.id, points: worst }] : [];
    });
    const of = rules.reduce((sum, rule) => sum + weights[rule.severity], 0);
    return [{ area, of, points: of - lost.reduce((sum, one) => sum + one.points, 0), lost }];
  });
}

function has(model: Model, need: Need): boolean {
  switch (need) {
    case "dockerfile":
      return model.dockerfiles.length > 0;
    case "compose":
      return model.services.length > 0;
    case "start":
      return model.starts.length > 0;
    case "shell":
      return model.scripts.size > 0;
    case "hooks":
      return model.hooks.length > 0;
    case "pm2":
      return model.pm2.length > 0;
    case "code":
      return model.code.length > 0;
    case "env":
      return model.envFiles.length > 0;
    case "sql":
      return model.sql.length > 0;
    case "prisma":
      return model.prisma.length > 0;
    case "package":
      return model.packages.length > 0;
  }
}
