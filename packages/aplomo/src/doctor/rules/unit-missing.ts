import type { Rule } from "../rule.ts";

export const unitMissing: Rule = {
  id: "unit-missing",
  title: "a service of the release in front has no unit",
  why: "Its container or process was removed by hand, or by a clean-up that removes whatever is stopped.",
  next: "`aplomo rollback` to the release before, or `aplomo deploy`: both make what is missing.",
  needs: ["units", "front"],
  check: ({ units = [], front, release }) =>
    (front?.services ?? [])
      .filter((service) => release !== null && !units.some((unit) => unit.service === service && unit.release === release))
      .map((service) => ({
        subject: service,
        message: `${release} should run it, and nothing does`,
        evidence: [`units: ${units.map(({ name }) => name).join(", ") || "none"}`],
      })),
};
