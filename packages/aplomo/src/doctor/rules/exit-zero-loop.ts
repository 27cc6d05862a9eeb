import type { Rule } from "../rule.ts";
import { endOf, lastWords } from "../voices.ts";
import { isOneShot } from "../one-shot.ts";
import { troubleOf } from "../observed.ts";
import { isEndedAsIll } from "./unhealthy.ts";

export const exitZeroLoop: Rule = {
  id: "exit-zero-loop",
  title: "a server ends by itself with exit code 0",
  why: "A module that is imported calls process.exit(0), or the main program does its work and returns. Supervisors take 0 for success: they start it again and again, and call it online in between (I4).",
  next: "Look for process.exit in what the main program imports, and for a main program that does not wait: its last lines say how far it came. `aplomo audit --explain exit-on-import` tells more.",
  needs: ["units"],
  check: ({ units = [], now }) =>
    units
      .filter(
        (unit) =>
          unit.exitCode === 0 && ["restarts", "ended"].includes(troubleOf(unit, now) ?? "") && !isOneShot(unit) && !isEndedAsIll(unit),
      )
      // One that was stopped by a person ends with 0 as well, once.
      .filter((unit) => unit.restarts > 0 || unit.state === "restarting" || unit.state === "failed")
      .map((unit) => ({ subject: unit.name, message: endOf(unit), evidence: lastWords(unit) })),
};
