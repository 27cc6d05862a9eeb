import type { Rule } from "../rule.ts";
import { voicesOf, cut } from "../voices.ts";

const said = /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b.{0,60}\b(?:at least|minimum(?: of)?|shorter than|too short|fewer than)\b/i;

export const secretShort: Rule = {
  id: "secret-short",
  title: "a secret is too short, or a placeholder",
  why: "Frameworks refuse a short key only when they start, which is after the old release was stopped: a crash loop (I6).",
  next: "Make a new one: `openssl rand -hex 32`; write it into the env file and deploy.",
  needs: [],
  check: (seen) => [
    ...(seen.environment ?? [])
      .filter(({ rule }) => rule === "min_length" || rule === "secret")
      .map(({ variable, origin, message, hint }) => ({
        subject: variable,
        message,
        evidence: [origin],
        next: `${hint}.`,
      })),
    ...voicesOf(seen).flatMap((voice) => {
      const line = voice.well ? undefined : voice.lines.findLast((one) => said.test(one));
      const name = line && said.exec(line)?.[1];
      return line && name ? [{ subject: voice.subject, message: `it says that ${name} is too short`, evidence: [cut(line)] }] : [];
    }),
  ],
};
