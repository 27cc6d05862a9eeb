import type { Observed, Part } from "./observed.ts";

/** A cause that was found. */
export interface Found {
  /** A unit, database, address or folder, as its owner calls it. */
  subject: string;
  /** What is so: a sentence without its end. */
  message: string;
  /** What shows it, word for word. */
  evidence: string[];
  /** The next act, where it differs from the rule's. */
  next?: string;
  /** Left out: it keeps the application, or its data, from being well now. */
  level?: "warning";
}

/** One cause of trouble: a pure function over what was observed, with what a reader at three in the morning needs. */
export interface Rule {
  id: string;
  /** The cause, in a few words. */
  title: string;
  /** How it comes about, and why it is easily missed. */
  why: string;
  /** The next act, as an imperative. */
  next: string;
  /** What must have been looked at for it to be asked. */
  needs: readonly Part[];
  /** It names what everybody sees, or is taken from anything that was said: told only of what no other rule explains. */
  weight?: "symptom" | "guess";
  check(seen: Observed): Found[];
}
