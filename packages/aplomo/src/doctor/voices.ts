import { counted } from "../base/count.ts";
import { troubleOf, type Observed, type SeenUnit } from "./observed.ts";
import type { Found, Rule } from "./rule.ts";

/** Who said something that may tell a cause: a unit's log, the engine of it, or a database that refused us. */
export interface Voice {
  subject: string;
  lines: string[];
  /** It does well: what it says may be of the past. */
  well: boolean;
  unit: SeenUnit | null;
}

export function voicesOf(seen: Observed): Voice[] {
  const units = (seen.units ?? []).map((unit) => ({
    subject: unit.name,
    lines: [unit.error ?? "", ...unit.log.split("\n"), unit.answer?.said ?? ""].filter(Boolean),
    well: troubleOf(unit, seen.now) === null,
    unit,
  }));
  // A database that does well logs the errors of whoever asks it.
  const voices = units.filter(({ well, unit }) => !(well && unit.data));
  const databases = (seen.databases ?? []).flatMap(({ name, problem }) =>
    problem === null ? [] : [{ subject: `database ${name}`, lines: problem.split("\n"), well: false, unit: null }],
  );
  return [...voices, ...databases];
}

/** A rule whose cause shows in somebody's words. `match` has the first pattern that fits, of the last line that fits any. */
export type SpokenRule = Omit<Rule, "check" | "needs"> & {
  patterns: readonly RegExp[];
  /** Also of who does well, as a warning: what it says is not of a start that has passed. */
  alsoWell?: true;
  /** The sentence, and the next act where it differs; undefined: it is not that after all. */
  tell: (match: RegExpExecArray, voice: Voice, seen: Observed) => { message: string; next?: string; evidence?: string[] } | undefined;
};

export function spoken({ patterns, alsoWell, tell, ...rule }: SpokenRule): Rule {
  return {
    ...rule,
    needs: [],
    check: (seen) =>
      voicesOf(seen).flatMap((voice): Found[] => {
        if (voice.well && !alsoWell) return [];
        const heard = lastOf(voice.lines, patterns);
        const told = heard && tell(heard.match, voice, seen);
        if (!told) return [];
        const { message, next, evidence } = told;
        return [
          {
            subject: voice.subject,
            message,
            evidence: [cut(heard.line), ...(evidence ?? [])],
            ...(next === undefined ? {} : { next }),
            ...(voice.well ? { level: "warning" } : {}),
          },
        ];
      }),
  };
}

function lastOf(lines: readonly string[], patterns: readonly RegExp[]): { line: string; match: RegExpExecArray } | undefined {
  for (const line of lines.toReversed()) {
    for (const pattern of patterns) {
      const match = pattern.exec(line);
      if (match) return { line, match };
    }
  }
  return undefined;
}

export function cut(line: string): string {
  const plain = line.trim();
  return plain.length > 300 ? `${plain.slice(0, 299)}…` : plain;
}

/** The last words of a unit, for who has nothing better. */
export function lastWords(unit: SeenUnit, count = 3): string[] {
  return unit.log.split("\n").map(cut).filter(Boolean).slice(-count);
}

/** How a unit ended, in words. */
export function endOf(unit: SeenUnit): string {
  const code = unit.exitCode === null ? "it ended" : `it ended with exit code ${unit.exitCode}`;
  return unit.restarts > 0 ? `${code}, and was begun anew ${counted(unit.restarts, "time")}` : code;
}
