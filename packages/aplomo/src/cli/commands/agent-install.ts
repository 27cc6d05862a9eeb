import { agentUnit, smallNode, unitFile } from "../../agent/unit.ts";
import { findScheduler, installService } from "../../backup/install.ts";
import { UsageError } from "../../base/errors.ts";
import type { GlobalOptions } from "../options.ts";
import { lastingProgram } from "../program.ts";
import { inShell } from "../shell.ts";

/** Prints the unit; installs it where systemd answers. */
export function run(options: GlobalOptions & { yes?: boolean }): Promise<number> {
  return inShell(options, async (shell) => {
    const root = process.getuid?.() === 0;
    const program = lastingProgram(shell.ctx.home);
    const unit = agentUnit({ program, home: shell.ctx.home, wantedBy: root ? "multi-user.target" : "default.target" });
    // What the agent has begun goes on when it ends: PM2 must not end the children too.
    const words = ["pm2", "start", program[1], "--name", "aplomo-agent", "--no-treekill"];
    const pm2 = [...words, "--interpreter", program[0], "--node-args", smallNode.join(" "), "--", "agent", "run", "--json"];
    if (!options.yes) {
      shell.result("agent install", { file: unitFile, unit, pm2 });
      return 0;
    }
    const by = await findScheduler(shell.ctx);
    if (by === undefined || by === "cron") {
      const hint = "`aplomo agent install` prints a line for PM2; docs/AGENT.md has the way with a container.";
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
