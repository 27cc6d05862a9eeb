import { runAgent } from "../../agent/agent.ts";
import type { GlobalOptions } from "../options.ts";
import { thisProgram } from "../program.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions): Promise<number> {
  return inShell(options, async (shell) => {
    await runAgent(shell.ctx, thisProgram());
    return 0;
  });
}
