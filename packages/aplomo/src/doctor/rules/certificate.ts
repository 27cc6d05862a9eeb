import { counted } from "../../base/count.ts";
import type { Rule } from "../rule.ts";

/** Authorities' clients renew a month before the end: two weeks say that it fails. */
const soon = 14;

export const certificate: Rule = {
  id: "certificate",
  title: "the certificate has run out, soon will, or is not trusted",
  why: "Renewal fails in silence: the name leads elsewhere, port 80 is closed, or the job that renews was never installed on this machine.",
  next: "Renew it: `certbot renew`, or see the edge's log for why it could not. Port 80 must be reachable from outside.",
  needs: ["front"],
  check: ({ front }) =>
    (front?.public ?? []).flatMap(({ url, problem, certificateDays }) => {
      if (certificateDays !== null && certificateDays < soon) {
        const message =
          certificateDays < 0
            ? `its certificate ran out ${counted(-certificateDays, "day")} ago`
            : `its certificate runs out in ${counted(certificateDays, "day")}`;
        return [{ subject: url, message, evidence: [], ...(certificateDays < 0 ? {} : { level: "warning" as const }) }];
      }
      const refused = problem !== null && /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|ALTNAME|EPROTO/.test(problem);
      return refused ? [{ subject: url, message: `its certificate is not trusted: ${problem}`, evidence: [] }] : [];
    }),
};
