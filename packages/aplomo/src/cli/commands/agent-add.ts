import { resolve } from "node:path";
import { jobsOf } from "../../agent/jobs.ts";
import { agentPaths } from "../../agent/paths.ts";
import { addApp } from "../../agent/registry.ts";
import { nextSlot, widestGap } from "../../agent/slots.ts";
import { readScheduled, writeScheduled } from "../../backup/schedule.ts";
import { UsageError } from "../../base/errors.ts";
import { makePrivateFolder } from "../../host/files.ts";
import { policy } from "../backups.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const { app, at, zone, root } = policy(session);
    const scheduled = await readScheduled(root);
    if (scheduled && scheduled.by !== "agent") {
      const hint = "Remove it first: aplomo backup schedule --uninstall.";
      throw new UsageError({ operation: "add", subject: app, cause: `its backups are made by ${scheduled.by} already`, hint });
    }
    const jobs = jobsOf(session.config.settings, zone);
    const now = shell.ctx.now();
    const next = jobs.map((job) => ({ name: job.name, cron: job.cron, zone, next: nextSlot(job, now)?.toISOString() ?? null }));
    const { addedAt } = await addApp(agentPaths(shell.ctx.home), { app, config: resolve(options.config), jobs }, now);
    const backup = jobs.find((job) => job.name === "backup");
    if (backup) {
      await makePrivateFolder(root);
      await writeScheduled(root, { version: 1, at, zone, by: "agent", installedAt: addedAt, every: widestGap(backup, now) });
    }
    shell.result("agent add", { app, addedAt, jobs: next });
    return 0;
  });
}
