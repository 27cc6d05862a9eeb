import { diffEnvironment } from "../../deploy/environment-diff.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session({ values: "all" });
    const { release, changes, units } = await diffEnvironment(session);
    shell.result("env diff", { release, changes: changes.map((one) => ({ ...one })), units: units.map((one) => ({ ...one })) });
    return changes.length > 0 || units.some(({ differences }) => differences.length > 0) ? 1 : 0;
  });
}
