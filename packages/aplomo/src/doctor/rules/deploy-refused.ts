import type { Rule } from "../rule.ts";

export const deployRefused: Rule = {
  id: "deploy-refused",
  title: "the next deploy would be refused",
  why: "What runs is not touched by it, and a repair may well be a deploy: better known now than then. `aplomo plan` says the same.",
  next: "Do what the message asks; then `aplomo plan`.",
  needs: ["front"],
  check: ({ front }) =>
    (front?.refusals ?? []).map(({ message, hint }) => ({
      subject: "deploy",
      message,
      evidence: [],
      next: hint,
      level: "warning" as const,
    })),
};
