import type { Rule } from "../rule.ts";

export const publicError: Rule = {
  id: "public-error",
  title: "the public address answers with an error",
  why: "500: the application failed at the request. 4xx: the address of health.public leads to no page of it, or to another application.",
  next: "See `aplomo logs` for the request; correct health.public when the address is not meant any more.",
  needs: ["front"],
  weight: "symptom",
  check: ({ front }) =>
    (front?.public ?? [])
      .filter(({ status }) => status !== null && status >= 400 && (status < 502 || status > 504))
      .map(({ url, status, said }) => ({ subject: url, message: `it answers ${status}`, evidence: said ? [said] : [] })),
};
