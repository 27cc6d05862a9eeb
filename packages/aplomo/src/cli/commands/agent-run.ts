import { runAgent } from "../../agent/agent.ts";
import { parseListen } from "../../agent/door/open.ts";
import type { GlobalOptions } from "../options.ts";
import { thisProgram } from "../program.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { listen?: string }): Promise<number> {
  return inShell(options, async (shell) => {
    await runAgent(shell.ctx, thisProgram(), options.listen === undefined ? undefined : parseListen(options.listen));
    return 0;
  });
}
