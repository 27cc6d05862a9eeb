import type { Rule } from "../rule.ts";
import { voicesOf, cut } from "../voices.ts";

const said = [
  /error parsing value for field "?([\w.]+)"?/i,
  /SettingsError: .*"?\b(\w*(?:hosts|origins|list|urls)\w*)\b/i,
  /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b.{0,60}(?:JSON|comma|not iterable|is not an array|must be a list)/,
];

export const listFormat: Rule = {
  id: "list-format",
  title: "a list is written in another format than the application reads",
  why: '`A,B` where it parses JSON, or `["A"]` where it splits at commas: the one ends it at its start, the other gives it one host named `["A"]`, and every request is refused (I7).',
  next: "Write it as the application reads it, and say so in aplomo.yml (`env.require.NAME.list: csv` or json): a deploy then checks it beforehand.",
  needs: [],
  check: (seen) => [
    ...(seen.environment ?? [])
      .filter(({ rule }) => rule === "list" || rule === "each")
      .map(({ variable, origin, message, hint }) => ({
        subject: variable,
        message,
        evidence: [origin],
        next: `${hint}.`,
      })),
    ...voicesOf(seen).flatMap((voice) => {
      if (voice.well) return [];
      const line = voice.lines.findLast((one) => said.some((pattern) => pattern.test(one)));
      const name = line && said.map((pattern) => pattern.exec(line)?.[1]).find(Boolean);
      return line && name ? [{ subject: voice.subject, message: `it cannot read the list ${name}`, evidence: [cut(line)] }] : [];
    }),
  ],
};
