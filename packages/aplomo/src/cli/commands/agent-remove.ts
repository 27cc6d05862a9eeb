import { rm } from "node:fs/promises";
import { join } from "node:path";
import { agentPaths } from "../../agent/paths.ts";
import { removeApp } from "../../agent/registry.ts";
import { readScheduled } from "../../backup/schedule.ts";
import { appPaths } from "../../deploy/paths.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions, [wanted]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const app = wanted ?? (await shell.session()).config.settings.app;
    const { home } = shell.ctx;
    await removeApp(agentPaths(home), app);
    const { root } = appPaths(home, app);
    // From now on nobody expects a backup every day.
    if ((await readScheduled(root))?.by === "agent") await rm(join(root, "schedule.json"));
    shell.result("agent remove", { app });
    return 0;
  });
}
