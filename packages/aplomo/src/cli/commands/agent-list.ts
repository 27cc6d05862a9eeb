import { agentPaths, watchPaths } from "../../agent/paths.ts";
import { listApps } from "../../agent/registry.ts";
import { newestRuns } from "../../agent/runs.ts";
import { nextSlot } from "../../agent/slots.ts";
import { lockHolder } from "../../host/lock.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions): Promise<number> {
  return inShell(options, async (shell) => {
    const paths = agentPaths(shell.ctx.home);
    const holder = await lockHolder(paths.lock);
    const apps = await Promise.all(
      (await listApps(paths)).map(async ({ app, config, jobs }) => {
        const told = jobs.map(async (job) => {
          const [last] = await newestRuns(watchPaths(paths, app).runs, 1, (run) => run.job === job.name);
          const next = nextSlot(job, shell.ctx.now())?.toISOString() ?? null;
          return { name: job.name, cron: job.cron, zone: job.zone, next, last: last ? { id: last.id, state: last.state } : null };
        });
        return { app, config, jobs: await Promise.all(told) };
      }),
    );
    shell.result("agent list", { agent: holder ? `process ${holder.pid}, since ${holder.since}` : null, apps });
    return 0;
  });
}
