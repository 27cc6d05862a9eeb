import type { Rule } from "../rule.ts";

/** Certificates and tokens forgive less than that. */
const most = 60_000;

export const clock: Rule = {
  id: "clock",
  title: "this machine's clock is wrong",
  why: "Tokens are refused, certificates are not valid yet, and backups of the future are never old: retention and schedules go by the clock.",
  next: "`timedatectl` shows whether it is synchronised; turn that on: `timedatectl set-ntp true`.",
  needs: ["deployments"],
  check: ({ deployments, front, now }) => {
    const ahead = (deployments?.newest ?? 0) - now;
    const others = (front?.public ?? []).filter(({ clockAheadMs }) => clockAheadMs !== null && Math.abs(clockAheadMs) > most);
    return [
      ...(ahead > most
        ? [{ subject: "clock", message: "the last deployment or backup is in the future", evidence: [`${seconds(ahead)} from now`] }]
        : []),
      ...others.map(({ url, clockAheadMs }) => ({
        subject: "clock",
        message: `the server at ${url} has another time`,
        evidence: [aside(clockAheadMs ?? 0)],
        level: "warning" as const,
      })),
    ];
  },
};

function aside(ms: number): string {
  return ms > 0 ? `it is ${seconds(ms)} ahead of this machine` : `it is ${seconds(-ms)} behind this machine`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
