import { again, applyFix, tryFix, type Trial } from "../audit/fix.ts";
import { reaches } from "../audit/report.ts";
import type { Severity } from "../audit/rule.ts";
import type { Audited } from "../audit/run.ts";
import type { Finding } from "../audit/audit.ts";
import { ask } from "../report/ask.ts";
import type { Shell } from "./shell.ts";

/** What became of each fix. */
export interface Fixed {
  made: number;
  left: number;
  audited: Audited;
}

/**
 * Shows every fix as a diff and makes it. One that changes how the application behaves is asked about, one by one; without a terminal it
 * is only shown, unless `yes`. After each the whole folder is audited again, so that no fix is made on what another has moved.
 */
export async function fixAll(shell: Shell, folder: string, first: Audited, choice: { threshold: Severity; yes: boolean }): Promise<Fixed> {
  const refused = new Set<string>();
  let audited = first;
  let made = 0;
  for (;;) {
    const trial = next(audited, choice.threshold, refused);
    if (!trial) break;
    const { finding, fix, file } = trial;
    const aside = fix.changesBehaviour ? " (changes how the application behaves)" : "";
    const lines = [`${file}: ${fix.title}, ${finding.rule.id}${aside}`, ...trial.diff.map((line) => `  ${line}`)];
    shell.result("audit", { format: "lines", lines });
    if (!(await agreed(trial, choice.yes))) {
      refused.add(nameOf(finding));
      continue;
    }
    const before = audited.model.sources.get(file)?.text ?? "";
    if (await applyFix(folder, trial, before)) made++;
    else refused.add(nameOf(finding));
    audited = again(folder);
  }
  return { made, left: refused.size, audited };
}

function next(audited: Audited, threshold: Severity, refused: ReadonlySet<string>): Trial | undefined {
  for (const finding of audited.made.findings) {
    if (!finding.fix || !reaches(finding.severity, threshold) || refused.has(nameOf(finding))) continue;
    const trial = tryFix(audited, finding);
    if (trial) return trial;
  }
  return undefined;
}

/** The same as long as its line is. */
function nameOf(finding: Finding): string {
  return finding.fingerprint;
}

async function agreed(trial: Trial, yes: boolean): Promise<boolean> {
  if (yes || !trial.fix.changesBehaviour) return true;
  return /^y(es)?$/i.test((await ask("make this change? [y/N] "))?.trim() ?? "");
}
