import type { Rule } from "../rule.ts";

export const invariantBroken: Rule = {
  id: "invariant-broken",
  title: "the data is not as aplomo.yml says it must be",
  why: "An invariant is what the team said must always hold: a partial restore, a wrong seed or a bad job has broken it since (I8, I12).",
  next: "Compare with the last proven backup: `aplomo backup list`. `aplomo backup restore` puts the data back and keeps the present beside.",
  needs: ["databases"],
  check: ({ databases = [] }) =>
    databases.flatMap(({ name, broken }) =>
      broken.length > 0 ? [{ subject: `database ${name}`, message: broken.join("; "), evidence: [] }] : [],
    ),
};
