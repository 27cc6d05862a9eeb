import { counted } from "../../base/count.ts";
import type { Rule } from "../rule.ts";
import { lastWords } from "../voices.ts";

export const pm2GivenUp: Rule = {
  id: "pm2-given-up",
  title: "PM2 has given the process up",
  why: "It ended too often before it had run for min_uptime: PM2 calls it errored and starts it no more, also when the cause has passed.",
  next: "Remove the cause, which the last lines tell; then `pm2 restart NAME`, or `aplomo rollback`.",
  needs: ["units"],
  check: ({ units = [] }) =>
    units
      .filter(({ program }) => program?.givenUp)
      .map((unit) => ({
        subject: unit.name,
        message: `it ended ${counted(unit.restarts, "time")} and is not started any more`,
        evidence: lastWords(unit),
      })),
};
