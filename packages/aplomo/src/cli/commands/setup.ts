import { resolve } from "node:path";
import { loadConfig } from "../../config/load.ts";
import { setUp, takeAway } from "../../remote/setup.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { remove?: boolean }): Promise<number> {
  return inShell(options, async (shell) => {
    const { ctx } = shell;
    const config = await loadConfig(resolve(options.config), process.env);
    if (options.remove) {
      shell.result("setup removed", { ...(await takeAway(ctx, config)) });
      return 0;
    }
    const { checks, ...server } = await setUp(ctx, config);
    shell.result("setup", { ...server, checks: checks.map((check) => ({ ...check })) });
    return checks.some(({ state }) => state === "bad") ? 1 : 0;
  });
}
