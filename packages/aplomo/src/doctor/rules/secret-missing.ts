import type { Rule } from "../rule.ts";
import { voicesOf, cut } from "../voices.ts";

const said = [
  /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b[^.]{0,40}\b(?:is (?:required|missing|not set|not defined|undefined|empty)|must be (?:set|defined|provided)|not found in environment)/,
  /\b(?:missing|required|undefined)\b[^.]{0,40}\b(?:variable|env\w*|secret|setting)s?\b[^A-Z]{0,20}\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/i,
  /KeyError: '([A-Z][A-Z0-9_]+)'/,
  /Environment variable not found: ([A-Z][A-Z0-9_]+)/,
];

export const secretMissing: Rule = {
  id: "secret-missing",
  title: "a variable the application needs is missing or empty",
  why: "It is not in the env file, or it never reached the program: compose reads `.env` for its own files alone and hands on only what they name (I18).",
  next: "Set it in the env file, see that the service gets it (env_file or environment), and deploy: a restart keeps the old environment.",
  needs: [],
  check: (seen) => [
    ...(seen.environment ?? [])
      .filter(({ rule }) => rule === "present")
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
      return line && name ? [{ subject: voice.subject, message: `it says that it lacks ${name}`, evidence: [cut(line)] }] : [];
    }),
  ],
};
