import type { Rule } from "../rule.ts";

export const lockDead: Rule = {
  id: "lock-dead",
  title: "an Aplomo was killed while it worked",
  why: "Its lock is still written down. It keeps nobody waiting, since its process is known to be dead; what it did was not ended, a backup for instance.",
  next: "Run it again: the next operation takes the lock and tidies up what was left.",
  needs: ["deployments"],
  check: ({ deployments }) => {
    const dead = deployments?.deadOwner;
    if (!dead || deployments.unfinished) return [];
    return [
      { subject: `process ${dead.pid}`, message: `it died during ${dead.operation}`, evidence: [`since ${dead.since}`], level: "warning" },
    ];
  },
};
