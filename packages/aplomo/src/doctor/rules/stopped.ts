import type { Rule } from "../rule.ts";
import { endOf, lastWords } from "../voices.ts";

export const stopped: Rule = {
  id: "stopped",
  title: "it is stopped",
  why: "Somebody stopped it, its restart policy gave up, or the machine was booted and nothing starts it then.",
  next: "Start it: `docker start`, `pm2 restart`; for the whole application `aplomo deploy` or `aplomo rollback`. Give it a restart policy (compose: restart: unless-stopped; PM2: pm2 save and pm2 startup).",
  needs: ["units"],
  weight: "symptom",
  check: ({ units = [], release }) =>
    units
      .filter((unit) => unit.state === "stopped" && (unit.data || (unit.release !== null && unit.release === release)))
      // Processes of PM2 that wait, and are not given up, are another rule's.
      .map((unit) => ({ subject: unit.name, message: `${endOf(unit)} and stays down`, evidence: lastWords(unit, 1) })),
};
