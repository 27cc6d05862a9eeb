import { counted } from "../../base/count.ts";
import { environmentFindings } from "../../deploy/environment.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";
import { withPlace } from "./check.ts";

export function run(options: GlobalOptions): Promise<number> {
  return inShell(options, async (shell) => {
    const config = await shell.config({ values: "all" });
    const findings = (await environmentFindings(config)).map(withPlace);
    const { require, forbid } = config.settings.env;
    const summary = `the environment keeps its contract: ${counted(Object.keys(require).length, "variable")}, ${forbid.length} forbidden`;
    shell.result("env check", { findings: findings.map((one) => ({ ...one })), summary });
    return findings.length > 0 ? 1 : 0;
  });
}
