import { troubleOf } from "../observed.ts";
import { isOneShot } from "../one-shot.ts";
import type { Rule } from "../rule.ts";
import { cut, endOf } from "../voices.ts";

export const oneShotCommand: Rule = {
  id: "one-shot-command",
  title: "a service's main command does one thing and ends",
  why: "A migration or a seed stands where the server should: it ends with exit code 0, is started again by its restart policy, and does its work on the production database for ever (I21).",
  next: "Give the service the server's own command; put the other under `migrate`, `seed` or `derive` in aplomo.yml, which run it once a release.",
  needs: ["units"],
  check: ({ units = [], now }) =>
    units
      .filter((unit) => isOneShot(unit) && unit.exitCode === 0 && troubleOf(unit, now) !== null)
      .map((unit) => ({
        subject: unit.name,
        message: `${endOf(unit)}: its main command ends by nature`,
        evidence: [cut(unit.command.join(" "))],
      })),
};
