import { agentUnit, unitFile } from "../../agent/unit.ts";
import { findScheduler, installService } from "../../backup/install.ts";
import { UsageError } from "../../base/errors.ts";
import type { GlobalOptions } from "../options.ts";
import { thisProgram } from "../program.ts";
import { inShell } from "../shell.ts";

/** Prints the unit; installs it where systemd answers. */
export function run(options: GlobalOptions & { yes?: boolean }): Promise<number> {
  return inShell(options, async (shell) => {
    const root = process.getuid?.() === 0;
    const unit = agentUnit({ program: thisProgram(), home: shell.ctx.home, wantedBy: root ? "multi-user.target" : "default.target" });
    if (!options.yes) {
      shell.result("agent install", {
        file: unitFile,
        unit,
        pm2: ["pm2", "start", thisProgram()[1], "--name", "aplomo-agent", "--", "agent"],
      });
      return 0;
    }
    const by = await findScheduler(shell.ctx);
    if (by === undefined || by === "cron") {
      const hint = `Start \`${thisProgram().join(" ")} agent\` with what keeps programs running here: pm2 start ${thisProgram()[1]} --name aplomo-agent -- agent`;
      throw new UsageError({ operation: "install", subject: "the agent", cause: "no systemd answers here", hint });
    }
    const file = await installService(shell.ctx, by, unitFile, unit);
    if (by === "systemd --user")
      shell.ctx.emit({
        type: "warning",
        message: "a user's services run only while the user is logged in",
        hint: "As root: loginctl enable-linger USER.",
      });
    shell.result("agent installed", { by, file });
    return 0;
  });
}
