import { resolve } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { loadConfig } from "../../config/load.ts";
import { setUp, takeAway } from "../../remote/setup.ts";
import type { GlobalOptions } from "../options.ts";
import { lastingProgram } from "../program.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { remove?: boolean; agent?: boolean }): Promise<number> {
  return inShell(options, async (shell) => {
    const { ctx } = shell;
    const config = await loadConfig(resolve(options.config), process.env);
    const wanted = { agent: options.agent ?? true, program: lastingProgram(ctx.home) };
    if (options.remove) {
      const hint = "The agent is the program that goes; `aplomo agent remove` has it leave an application alone.";
      if (!wanted.agent)
        throw new UsageError({ operation: "take away", subject: "Aplomo", cause: "an agent cannot stay without it", hint });
      shell.result("setup removed", { ...(await takeAway(ctx, config, wanted)) });
      return 0;
    }
    const { checks, ...server } = await setUp(ctx, config, wanted);
    shell.result("setup", { ...server, checks: checks.map((check) => ({ ...check })) });
    return checks.some(({ state }) => state === "bad") ? 1 : 0;
  });
}
