import { troubleOf } from "../observed.ts";
import type { Rule } from "../rule.ts";
import { endOf, lastWords } from "../voices.ts";

const signals: Record<number, string> = { 132: "SIGILL", 135: "SIGBUS", 136: "SIGFPE", 139: "SIGSEGV" };

export const nativeCrash: Rule = {
  id: "native-crash",
  title: "native code crashed",
  why: "A library below the language broke: built for another processor or another libc (a package built on Debian in an Alpine image), or simply faulty.",
  next: "Install the dependencies inside the image they run in, and take the last native package that changed back to its version before.",
  needs: ["units"],
  weight: "guess",
  check: ({ units = [], now }) =>
    units
      .filter((unit) => unit.exitCode !== null && unit.exitCode in signals && troubleOf(unit, now) !== null)
      .map((unit) => ({ subject: unit.name, message: `${endOf(unit)}: ${signals[unit.exitCode ?? 0]}`, evidence: lastWords(unit) })),
};
