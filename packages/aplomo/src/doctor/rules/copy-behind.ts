import type { Rule } from "../rule.ts";

export const copyBehind: Rule = {
  id: "copy-behind",
  title: "copies of backups do not reach another place",
  why: "The place is down, its key was changed, or its disk is full. Backups on this machine alone are lost with it.",
  next: "`aplomo check` reaches for every place and says what is wrong; the next `aplomo backup run` makes up what is missing.",
  needs: ["backups"],
  check: ({ backups }) =>
    (backups?.stores ?? []).flatMap(({ store, failure }) =>
      failure ? [{ subject: store, message: failure.message, evidence: [`since ${failure.since}`], level: "warning" as const }] : [],
    ),
};
