import { troubleOf } from "../observed.ts";
import type { Rule } from "../rule.ts";
import { endOf, lastWords } from "../voices.ts";
import { isEndedAsIll } from "./unhealthy.ts";

export const killed: Rule = {
  id: "killed",
  title: "it was killed from outside",
  why: "SIGKILL (137) without a word of memory: somebody ran `docker kill`, the machine ran out of memory as a whole, or it ignored being asked to stop until its time was up.",
  next: "Look for `Out of memory` in `dmesg`. If it was stopped, make it end on SIGTERM; then start it: `aplomo deploy`, or `aplomo rollback`.",
  needs: ["units"],
  check: ({ units = [], now }) =>
    units
      .filter(
        (unit) =>
          unit.exitCode === 137 && !unit.outOfMemory && !isEndedAsIll(unit) && ["restarts", "ended"].includes(troubleOf(unit, now) ?? ""),
      )
      .map((unit) => ({ subject: unit.name, message: endOf(unit), evidence: lastWords(unit, 1) })),
};
