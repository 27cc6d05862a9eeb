import { baselineName, readBaseline } from "../../audit/baseline.ts";
import { reaches } from "../../audit/report.ts";
import { auditFolder } from "../../audit/run.ts";
import { counted } from "../../base/count.ts";
import { AplomoError } from "../../base/errors.ts";
import { readIfPresent } from "../../host/files.ts";
import { join } from "node:path";
import type { Step } from "../step.ts";

/** What the audit finds as grave as `gate`, and no baseline knows, is not deployed. */
export function audited(gate: "error" | "warning"): Step {
  return {
    id: "prepare.audit",
    phase: "prepare",
    title: "audit what will be deployed",
    async run(work) {
      const { directory } = work.config;
      const { model, made } = auditFolder(directory);
      const path = join(directory, baselineName);
      const text = await readIfPresent(path);
      const known = text === undefined ? new Set<string>() : readBaseline(path, text);
      const found = made.findings.filter((finding) => reaches(finding.severity, gate) && !known.has(finding.fingerprint));
      if (found.length > 0) {
        const shown = found.slice(0, 5).map(({ place, message, rule }) => `${place.file}:${place.line}: ${message} (${rule.id})`);
        throw new AplomoError({
          operation: "accept",
          subject: "what will be deployed",
          cause: `${counted(found.length, "finding")}: ${shown.join("; ")}`,
          hint: "`aplomo audit` shows them with what to do; audit.gate in aplomo.yml decides what refuses a deploy",
        });
      }
      return { rules: made.rules, files: model.sources.size, unread: model.unread.length };
    },
  };
}
