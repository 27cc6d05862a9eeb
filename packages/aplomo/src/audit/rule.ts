import type { Model } from "./model/model.ts";
import type { Place } from "./place.ts";

/** `error`: it will fail or lose something. `warning`: it will when something else goes wrong. `info`: worth knowing. */
export const severities = ["error", "warning", "info"] as const;
export type Severity = (typeof severities)[number];

export const areas = ["image", "compose", "start", "process manager", "shutdown", "health", "environment", "data", "gates"] as const;
export type Area = (typeof areas)[number];

/** What must be there for a rule to have something to look at. */
export type Need = "dockerfile" | "compose" | "start" | "shell" | "hooks" | "pm2" | "code" | "env" | "sql" | "prisma" | "package";

/** A change to a file: these ranges become these texts; every other byte stays. */
export interface Fix {
  /** A verb phrase: `let node take the shell's place`. */
  title: string;
  edits: { place: Place; text: string }[];
  /** The application may behave differently afterwards: it is asked about, one by one. */
  changesBehaviour: boolean;
}

/** What a rule found. */
export interface Found {
  place: Place;
  /** What is so, and what will happen: a sentence without its end. */
  message: string;
  /** The next act, as an imperative. */
  hint: string;
  /** Where it differs from the rule's. */
  severity?: Severity;
  /** Other places that belong to it. */
  related?: { place: Place; message: string }[];
  fix?: Fix;
}

/** Files that show a rule at work: `«bad¦good»` marks what differs between the files that are found and those that are not. */
export interface Example {
  [path: string]: string;
}

/** One thing that fails in production. A pure function over the model, with everything a reader needs to judge it. */
export interface Rule {
  id: string;
  /** What is wrong, in a few words. */
  title: string;
  area: Area;
  severity: Severity;
  /** What happens in production, and so why it has this severity. */
  why: string;
  needs: readonly Need[];
  example: Example;
  /** The incident of a real system it comes from. */
  incident?: string;
  check(model: Model): Found[];
}

const hole = /«([^¦»]*)¦([^»]*)»/gs;

/** An example's files as they are found, or as they are right. */
export function exampleFiles(example: Example, side: "bad" | "good"): Record<string, string> {
  const filled = Object.entries(example).map(([path, text]) => [path, text.replace(hole, side === "bad" ? "$1" : "$2")] as const);
  return Object.fromEntries(
    filled
      .filter(([path]) => !path.startsWith(side === "bad" ? "good:" : "bad:"))
      .map(([path, text]) => [path.replace(/^(bad|good):/, ""), text]),
  );
}
