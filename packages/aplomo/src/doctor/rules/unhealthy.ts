import { troubleOf, type SeenUnit } from "../observed.ts";
import type { Rule } from "../rule.ts";
import { cut, lastWords } from "../voices.ts";

export const unhealthy: Rule = {
  id: "unhealthy",
  title: "it runs, and says that it is not well",
  why: "Its health check fails: something it depends on does not answer, it hangs, or the check asks for the wrong thing.",
  next: "Read what the check said; ask the same path by hand, and look at what it depends on first.",
  needs: ["units"],
  weight: "symptom",
  check: ({ units = [], now }) =>
    units.flatMap((unit) => {
      const trouble = troubleOf(unit, now);
      if (trouble === "unhealthy" || isEndedAsIll(unit)) {
        return [
          {
            subject: unit.name,
            message: isEndedAsIll(unit) ? "the swarm ended it, since its own health check fails" : "its own health check fails",
            evidence: unit.healthOutput ? [cut(unit.healthOutput)] : lastWords(unit),
          },
        ];
      }
      if (trouble !== "does not answer" || !unit.answer) return [];
      const { path, status, problem, said } = unit.answer;
      return [
        {
          subject: unit.name,
          message: `asked for ${path} it ${problem ? `does not answer: ${problem}` : `answers ${status}`}`,
          evidence: said ? [cut(said)] : lastWords(unit),
        },
      ];
    }),
};

/** A swarm replaces a task that is not healthy: it ends with 137, and was not killed by anybody else. */
export function isEndedAsIll({ error, restarts, state }: SeenUnit): boolean {
  return /unhealthy container/.test(error ?? "") && (restarts > 0 || state !== "running");
}
