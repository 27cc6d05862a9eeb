import { runAgent } from "../../agent/agent.ts";
import { parseListen } from "../../agent/door/open.ts";
import type { GlobalOptions } from "../options.ts";
import { thisProgram } from "../program.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { listen?: string; kept?: boolean }): Promise<number> {
  return inShell(options, async (shell) => {
    const listen = options.listen === undefined ? undefined : parseListen(options.listen);
    await runAgent(shell.ctx, thisProgram(), { listen, kept: options.kept });
    return 0;
  });
}
