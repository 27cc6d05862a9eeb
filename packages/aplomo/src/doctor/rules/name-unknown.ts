import type { Found, Rule } from "../rule.ts";
import { cut, voicesOf } from "../voices.ts";

const said = [
  /getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ([\w.-]+)/,
  /could not translate host name "([^"]+)"/,
  /(?:Unknown (?:MySQL )?server host|Can't resolve|Could not resolve host:?) '?([\w.-]+)'?/i,
  /(?:Temporary failure in name resolution|Name or service not known|no such host)/,
];

export const nameUnknown: Rule = {
  id: "name-unknown",
  title: "a host name is not known",
  why: "A service's name is known only in the networks it is in, and only to containers: elsewhere `db` is nobody. Public names fail when DNS has no record, or the machine no resolver.",
  next: "Of a service: see that both are in one network, and that the URL has the service's name. Of a public name: `getent hosts NAME` here.",
  needs: [],
  check: (seen) => [
    ...voicesOf(seen).flatMap((voice): Found[] => {
      const line = voice.well ? undefined : voice.lines.findLast((one) => said.some((pattern) => pattern.test(one)));
      if (line === undefined) return [];
      const name = said.map((pattern) => pattern.exec(line)?.[1]).find(Boolean);
      return [
        {
          subject: voice.subject,
          message: name ? `nobody knows the host ${name}` : "it asks for a host that nobody knows",
          evidence: [cut(line)],
        },
      ];
    }),
    ...(seen.front?.public ?? [])
      .filter(({ problem }) => problem !== null && /ENOTFOUND|EAI_AGAIN/.test(problem))
      .map(({ url, problem }) => ({ subject: url, message: `nobody knows its name: ${problem}`, evidence: [] })),
  ],
};
