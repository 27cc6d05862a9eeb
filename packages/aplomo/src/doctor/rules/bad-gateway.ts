import { troubleOf } from "../observed.ts";
import type { Rule } from "../rule.ts";

export const badGateway: Rule = {
  id: "bad-gateway",
  title: "what stands in front gets no good answer",
  why: "502: nobody listens where it asks. 503: it knows of nobody who could answer. 504: the answer takes longer than it waits (I16).",
  next: "Ask the unit directly, from this machine: if it answers, correct where the proxy points; if it does not, see its log.",
  needs: ["front", "units"],
  check: ({ front, units = [], now }) =>
    (front?.public ?? [])
      .filter(({ status }) => status !== null && status >= 502 && status <= 504)
      .map(({ url, status, said }) => {
        const asked = units.filter(({ answer, data }) => answer !== null && !data);
        const ill = units.filter((unit) => !unit.data && troubleOf(unit, now) !== null);
        const well = asked.filter(({ answer }) => answer?.problem === null && (answer.status ?? 500) < 500);
        const where =
          ill.length > 0
            ? `what is behind it does not run well, see there: ${ill.map(({ name }) => name).join(", ")}`
            : well.length > 0
              ? `${well.map(({ name }) => name).join(", ")} answers when asked directly: what stands in front points elsewhere, or waits too short`
              : "no unit can be asked directly to compare";
        return { subject: url, message: `it answers ${status}; ${where}`, evidence: said ? [said] : [] };
      }),
};
