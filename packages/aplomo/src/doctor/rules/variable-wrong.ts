import type { Rule } from "../rule.ts";

const others = new Set(["present", "min_length", "secret", "list", "each"]);

export const variableWrong: Rule = {
  id: "variable-wrong",
  title: "a variable breaks its contract",
  why: "aplomo.yml says what it must be like (env.require), or that it must not be set (env.forbid), and the env file has it otherwise.",
  next: "Correct the env file, or the contract; `aplomo check` shows both.",
  needs: ["environment"],
  check: ({ environment = [] }) =>
    environment
      .filter(({ rule }) => !others.has(rule))
      .map(({ variable, origin, message, hint }) => ({
        subject: variable,
        message,
        evidence: [origin],
        next: `${hint}.`,
      })),
};
