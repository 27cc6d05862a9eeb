import type { Request } from "../../deploy/observe.ts";
import { announce, carryOut, makePlan } from "../../deploy/pipeline.ts";
import type { GlobalOptions } from "../options.ts";
import { exitCodeOf, mend } from "../mend.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { migrate?: boolean }): Promise<number> {
  return runDeployment(options, { action: "deploy", migrate: options.migrate ?? false });
}

/** Deploy and rollback are one pipeline. */
export function runDeployment(options: GlobalOptions, request: Request): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    return shell.locked(session, request.action, async () => {
      await mend(shell, session);
      const planned = await makePlan(session, request);
      announce(session, planned);
      return exitCodeOf(await carryOut(session, planned));
    });
  });
}
