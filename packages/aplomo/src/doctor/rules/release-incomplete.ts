import type { Rule } from "../rule.ts";

export const releaseIncomplete: Rule = {
  id: "release-incomplete",
  title: "the release in front could not be started again",
  why: "Its image was removed by a clean-up, or its folder was changed: it runs, and a reboot or a rollback would find nothing to start.",
  next: "Fetch or build what is missing, or deploy again.",
  needs: ["deployments"],
  check: ({ deployments, release }) => {
    const lost = deployments?.incomplete;
    return lost ? [{ subject: release ?? "release", message: lost.message, evidence: [], next: lost.hint }] : [];
  },
};
