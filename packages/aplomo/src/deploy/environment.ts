import { UsageError } from "../base/errors.ts";
import type { Config } from "../config/config.ts";
import { checkEnvironment, type Finding } from "../config/environment.ts";

/** The environment does not keep its contract: one line for each finding, as for a fault of aplomo.yml. Nothing was touched. */
export class EnvironmentError extends UsageError {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super({ operation: "accept", subject: "the environment" });
    this.findings = findings;
    this.message = findings.map(findingLine).join("\n");
  }
}

/** `.env:12: SESSION_SECRET: has 12 characters, fewer than 32 (min_length). Make a new one: openssl rand -hex 16.` */
export function findingLine({ origin, variable, message, rule, hint }: Finding): string {
  return `${origin}: ${variable}: ${message} (${rule}). ${hint}${/[.?]$/.test(hint) ? "" : "."}`;
}

/** Everything about the app's environment that its contract does not allow: its values, and files that give values of their own. */
export async function environmentFindings(config: Config): Promise<Finding[]> {
  const own = checkEnvironment(config);
  if (config.settings.target.kind !== "compose") return own;
  const { fallbacks } = await import("../targets/compose/fallbacks.ts");
  return [...own, ...(await fallbacks(config))];
}

export async function refuseBrokenEnvironment(config: Config): Promise<void> {
  const findings = await environmentFindings(config);
  if (findings.length > 0) throw new EnvironmentError(findings);
}
