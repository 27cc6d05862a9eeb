import type { Rule } from "../rule.ts";
import { lastWords } from "../voices.ts";

/** A start may take its time. */
const patience = 10_000;

export const listensNowhere: Rule = {
  id: "listens-nowhere",
  title: "it runs and listens nowhere",
  why: "It waits for something before it opens its port, a database or a lock, or its start never ended. The supervisor calls it running (T1, I16).",
  next: "Its last lines say what it was doing; give each wait in its start a limit, so that it says what it waits for.",
  needs: ["units"],
  check: ({ units = [], now }) =>
    units
      .filter(({ port, listening, data, state, startedAt }) => {
        return port !== null && !data && state === "running" && listening?.length === 0 && now - Date.parse(startedAt ?? "") > patience;
      })
      .map((unit) => ({
        subject: unit.name,
        message: `it has run for ${Math.round((now - Date.parse(unit.startedAt ?? "")) / 1_000)} s, and nothing inside listens on port ${unit.port}`,
        evidence: lastWords(unit),
      })),
};
