import type { Rule } from "../rule.ts";
import { cut } from "../voices.ts";

const refused =
  /DisallowedHost|Invalid HTTP_HOST|Invalid host header|Blocked (?:host|request)|host (?:is )?not allowed|not an allowed host|ALLOWED_HOSTS/i;

export const hostRefused: Rule = {
  id: "host-refused",
  title: "the application refuses its public host name",
  why: "The name is not in the list of hosts that it answers for (ALLOWED_HOSTS, allowedHosts): asked directly it is fine, asked by its name it answers 400 or 403 (S5.9).",
  next: "Add the name to the list, in the format the application reads (`A,B` or JSON), and deploy.",
  needs: ["front"],
  check: ({ front, units = [] }) =>
    (front?.public ?? [])
      .filter(({ status }) => status === 400 || status === 403 || status === 421)
      .flatMap(({ url, status, said }) => {
        const line = [said, ...units.flatMap(({ log }) => log.split("\n"))].findLast((one) => refused.test(one));
        return line ? [{ subject: url, message: `it answers ${status}`, evidence: [cut(line)] }] : [];
      }),
};
