import type { Rule } from "../rule.ts";

export const publicSilent: Rule = {
  id: "public-silent",
  title: "nothing answers at the public address",
  why: "Nothing listens there, a firewall drops what comes, or the name leads to another machine.",
  next: "On this machine: `ss -ltn` shows what listens. From outside: compare `dig +short NAME` with this machine's address, and see the firewall's rules.",
  needs: ["front"],
  check: ({ front }) =>
    (front?.public ?? [])
      .filter(
        ({ problem }) => problem !== null && /ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|no answer within/.test(problem),
      )
      .map(({ url, problem }) => ({ subject: url, message: `no answer: ${problem}`, evidence: [] })),
};
