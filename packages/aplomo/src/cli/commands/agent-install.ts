import { access } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { containerCommand, imageCommand } from "../../agent/keepers/container.ts";
import { pm2Name } from "../../agent/keepers/pm2.ts";
import { agentUnit, unitFile } from "../../agent/keepers/systemd.ts";
import { keepAgent } from "../../agent/keep.ts";
import { keptArguments, smallNode, usualPath } from "../../agent/resident.ts";
import { AplomoError } from "../../base/errors.ts";
import type { GlobalOptions } from "../options.ts";
import { lastingProgram } from "../program.ts";
import { inShell, type Shell } from "../shell.ts";

/** Prints what keeps the agent running: a unit, a line for PM2, one for a container engine; or has it kept running by what is here. */
export function run(options: GlobalOptions & { yes?: boolean }): Promise<number> {
  return inShell(options, async (shell) => {
    const { ctx } = shell;
    const program = lastingProgram(ctx.home);
    if (!options.yes) {
      const resident = { program, home: ctx.home, path: usualPath };
      const unit = agentUnit(resident, process.getuid?.() === 0 ? "systemd" : "systemd --user");
      // What the agent has begun goes on when it ends: PM2 must not end the children too.
      const words = ["pm2", "start", program[1], "--name", pm2Name, "--no-treekill"];
      const pm2 = [...words, "--interpreter", program[0], "--node-args", smallNode.join(" "), "--", ...keptArguments];
      const { argv: container } = await containerCommand(resident);
      const { argv: image } = imageCommand();
      shell.result("agent install", { file: unitFile, unit, pm2, image: [...image], container: [...container] });
      return 0;
    }
    const directory = dirname(resolve(options.config));
    const { by, what, did, runs, log } = await keepAgent(ctx, { program, directory, kind: await kindOf(shell) });
    if (!runs)
      throw new AplomoError({
        operation: "start",
        subject: "the agent",
        cause: `kept running by ${by}, it does not answer`,
        hint: `See why: ${log}.`,
      });
    shell.result("agent installed", { by, file: what, did });
    return 0;
  });
}

/** The agent is the server's: there may be no application yet. */
async function kindOf(shell: Shell): Promise<string | null> {
  const file = resolve(shell.options.config);
  const there = await access(file).then(
    () => true,
    () => false,
  );
  return there ? (await shell.config()).settings.target.kind : null;
}
