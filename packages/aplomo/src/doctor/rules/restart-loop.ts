import { troubleOf } from "../observed.ts";
import type { Rule } from "../rule.ts";
import { endOf, lastWords } from "../voices.ts";
import { isEndedAsIll } from "./unhealthy.ts";

export const restartLoop: Rule = {
  id: "restart-loop",
  title: "it ends and is begun again",
  why: "Its supervisor starts it anew each time, so a look at the right moment finds it running.",
  next: "Its last lines say why; start it by hand with the same environment if they do not.",
  needs: ["units"],
  weight: "symptom",
  check: ({ units = [], now }) =>
    units
      .filter((unit) => ["restarts", "ended", "never started"].includes(troubleOf(unit, now) ?? "") && unit.exitCode !== 0)
      .filter((unit) => unit.state !== "stopped" && !isEndedAsIll(unit))
      .map((unit) => ({ subject: unit.name, message: unit.error ?? endOf(unit), evidence: lastWords(unit) })),
};
