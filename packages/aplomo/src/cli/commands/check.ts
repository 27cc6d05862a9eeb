import { resolve } from "node:path";
import { checkEnvironment } from "../../config/environment.ts";
import { loadConfig } from "../../config/load.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions): Promise<number> {
  return inShell(options, async (shell) => {
    const config = await loadConfig(resolve(options.config), process.env);
    const findings = checkEnvironment(config).map((finding) => ({
      where: `${finding.origin} ${finding.variable}`,
      rule: finding.rule,
      message: finding.message,
      hint: finding.hint,
    }));
    const { env, databases } = config.settings;
    const summary = `${options.config} is sound: ${Object.keys(env.require).length} variables under contract, ${Object.keys(databases).length} databases`;
    shell.result("check", { findings, summary });
    return findings.length > 0 ? 1 : 0;
  });
}
