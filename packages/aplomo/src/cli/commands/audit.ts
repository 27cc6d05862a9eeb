import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { baselineName, readBaseline, writeBaseline } from "../../audit/baseline.ts";
import { compare } from "../../audit/compare/compare.ts";
import { explain } from "../../audit/explain.ts";
import { reaches, reportOf } from "../../audit/report.ts";
import { severities } from "../../audit/rule.ts";
import { rules } from "../../audit/rules/index.ts";
import { auditFolder, auditTree, type Audited } from "../../audit/run.ts";
import { atCommit } from "../../audit/tree/commit.ts";
import { counted } from "../../base/count.ts";
import { UsageError } from "../../base/errors.ts";
import type { Json } from "../../base/events.ts";
import type { GlobalOptions } from "../options.ts";
import { fixAll } from "../fixing.ts";
import { inShell, type Shell } from "../shell.ts";

export interface AuditOptions extends GlobalOptions {
  format?: string;
  severity?: string;
  since?: string;
  baseline?: string;
  writeBaseline?: boolean;
  explain?: string;
  fix?: boolean;
  yes?: boolean;
  against?: string;
}

const formats = ["text", "json", "sarif", "github", "markdown", "junit"];

export function run(options: AuditOptions, [path = "."]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    if (options.explain !== undefined) {
      shell.result("audit", { format: "explain", explanation: explain(rules, options.explain) as unknown as Json });
      return 0;
    }
    const format = oneOf("--format", options.format ?? "text", formats);
    const threshold = oneOf("--severity", options.severity ?? "warning", severities);
    const folder = resolve(path);
    let audited = auditFolder(folder);
    if (options.writeBaseline) return keepBaseline(shell, folder, audited, options.baseline);
    if (options.against !== undefined) return showComparison(shell, options.against, path, audited);
    if (options.fix) {
      const fixed = await fixAll(shell, folder, audited, { threshold, yes: options.yes ?? false });
      audited = fixed.audited;
      shell.result("audit", { format: "lines", lines: [`${counted(fixed.made, "change")} made, ${fixed.left} left as they are`, ""] });
    }
    const known = await knownFindings(shell, folder, audited, options);
    const report = reportOf(audited.model, audited.made, { format, path, threshold, since: options.since, known });
    shell.result("audit", report as unknown as Json);
    // What could not be read may hold anything.
    if (report.unread.length > 0) return 2;
    return report.findings.some((finding) => reaches(finding.severity, threshold)) ? 1 : 0;
  });
}

function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined)
    throw new UsageError({ operation: "take", subject: `${option} ${value}`, hint: `write one of ${known.join(", ")}` });
  return found;
}

/** Fingerprints of what was there before: in the commit of --since, and in the baseline. */
async function knownFindings(shell: Shell, folder: string, audited: Audited, options: AuditOptions): Promise<Set<string>> {
  const path = options.baseline === undefined ? join(folder, baselineName) : resolve(options.baseline);
  const text = options.baseline === undefined && !audited.model.paths.has(baselineName) ? undefined : await readText(path);
  const known = text === undefined ? new Set<string>() : readBaseline(path, text);
  if (options.since === undefined) return known;
  const before = await atCommit(shell.ctx.host, folder, options.since, (tree) => auditTree(tree).made);
  return new Set([...known, ...before.findings.map((finding) => finding.fingerprint)]);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError({ operation: "read", subject: path, cause: error, hint: "write it with aplomo audit --write-baseline" });
  }
}

async function keepBaseline(shell: Shell, folder: string, { made }: Audited, path: string | undefined): Promise<number> {
  const file = path === undefined ? join(folder, baselineName) : resolve(path);
  await writeFile(file, writeBaseline(made.findings));
  shell.result("audit", {
    format: "lines",
    lines: [`wrote ${counted(made.findings.length, "finding")} into ${file}: from now on only others are told`],
  });
  return 0;
}

function showComparison(shell: Shell, against: string, path: string, subject: Audited): number {
  const made = compare(auditFolder(resolve(against)), subject);
  shell.result("audit", { format: "comparison", reference: against, path, ...(made as unknown as { rows: Json; phases: Json }) });
  return made.rows.some((row) => row.priority === "high") ? 1 : 0;
}
