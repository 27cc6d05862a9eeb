import { resolve } from "node:path";
import { loadConfig } from "../../config/load.ts";
import { attach } from "../../remote/attach.ts";
import { isArrived } from "../../remote/workspace.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions): Promise<number> {
  return inShell(options, async ({ ctx }) => {
    const config = await loadConfig(resolve(options.config), process.env);
    return attach(ctx, config, isArrived(config.file, ctx.home));
  });
}
