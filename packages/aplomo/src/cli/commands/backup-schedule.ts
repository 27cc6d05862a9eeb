import { rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { findScheduler, install, uninstall } from "../../backup/install.ts";
import { cronLine, readScheduled, systemdUnits, unitName, writeScheduled, type Job } from "../../backup/schedule.ts";
import { UsageError } from "../../base/errors.ts";
import { makePrivateFolder } from "../../host/files.ts";
import { policy } from "../backups.ts";
import type { GlobalOptions } from "../options.ts";
import { thisProgram } from "../program.ts";
import { inShell } from "../shell.ts";

/** Prints a systemd timer and a cron line for the daily backup; installs the one that this machine has. */
export function run(options: GlobalOptions & { install?: boolean; uninstall?: boolean }): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const { app, at, zone, root } = policy(session);
    if (at.includes(" ")) {
      const hint = "Write a time of day such as 02:30, or let `aplomo agent` make the backups: it understands cron.";
      throw new UsageError({ operation: "schedule", subject: `backups.at: ${at}`, cause: "a timer of systemd cannot say it", hint });
    }
    const config = resolve(options.config);
    const argv = [...thisProgram(), "backup", "run", "--wait", "1h", "--config", config];
    const job: Job = { app, at, zone, argv, home: shell.ctx.home, directory: dirname(config) };
    const { service, timer } = systemdUnits(job);
    if (!options.install && !options.uninstall) {
      shell.result("backup schedule", {
        at,
        zone,
        unit: unitName(app),
        service,
        timer,
        cron: cronLine(job),
        installed: await installed(root),
      });
      return 0;
    }
    if ((await readScheduled(root))?.by === "agent") {
      const hint = "Take the application from it first: aplomo agent remove.";
      throw new UsageError({ operation: "change", subject: "the schedule", cause: "the agent makes this application's backups", hint });
    }
    const by = await findScheduler(shell.ctx);
    if (by === undefined) {
      const hint = "Run `aplomo backup schedule`, and put what it prints where this machine keeps its schedules.";
      throw new UsageError({ operation: "install", subject: "the schedule", cause: "neither systemd nor crontab answers here", hint });
    }
    if (options.uninstall) {
      await uninstall(shell.ctx, by, app);
      await rm(join(root, "schedule.json"), { force: true });
      shell.result("backup schedule removed", { by });
      return 0;
    }
    const files = await install(shell.ctx, by, job);
    await makePrivateFolder(root);
    await writeScheduled(root, { version: 1, at, zone, by, installedAt: shell.ctx.now().toISOString() });
    if (by === "systemd --user")
      shell.ctx.emit({
        type: "warning",
        message: "a user's timers run only while the user is logged in",
        hint: "As root: loginctl enable-linger USER.",
      });
    shell.result("backup schedule installed", { by, at, zone: by === "cron" ? "the server's" : zone, files });
    return 0;
  });
}

async function installed(root: string): Promise<string | null> {
  const scheduled = await readScheduled(root);
  return scheduled ? `${scheduled.by}, since ${scheduled.installedAt}` : null;
}
