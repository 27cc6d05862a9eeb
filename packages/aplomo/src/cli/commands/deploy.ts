import { UsageError, reason } from "../../base/errors.ts";
import type { Request } from "../../deploy/observe.ts";
import type { Session } from "../../deploy/session.ts";
import { announce, carryOut, makePlan } from "../../deploy/pipeline.ts";
import { copyAway } from "../backups.ts";
import type { GlobalOptions } from "../options.ts";
import { exitCodeOf, mend } from "../mend.ts";
import { inShell, type Shell } from "../shell.ts";

export function run(options: GlobalOptions & DeployOptions): Promise<number> {
  return runDeployment(options, deployRequest(options), options.image, options.build);
}

export interface DeployOptions {
  migrate?: boolean;
  rehearsal?: boolean;
  envOnly?: boolean;
  recreate?: boolean;
  image?: string[];
  build?: boolean;
}

/** What `deploy` executes is what `plan` prints. */
export function deployRequest({
  migrate = false,
  rehearsal = true,
  envOnly = false,
  recreate = false,
  image = [],
  build,
}: DeployOptions): Request {
  if (envOnly && (image.length > 0 || build))
    throw new UsageError({
      operation: "deploy",
      subject: `--env-only with ${build ? "--build" : "--image"}`,
      cause: "an image is code",
      hint: "Leave one out.",
    });
  if (envOnly && migrate)
    throw new UsageError({
      operation: "deploy",
      subject: "--env-only with --migrate",
      cause: "a migration is of new code",
      hint: "Leave one out.",
    });
  return { action: "deploy", migrate, rehearse: rehearsal, envOnly, recreate };
}

/** Deploy, rehearse and rollback are one pipeline. */
export function runDeployment(options: GlobalOptions, request: Request, images?: readonly string[], build = false): Promise<number> {
  return inShell(options, async (shell) => {
    if (build) await (await import("./build.ts")).build(shell, {}, []);
    const session = await shell.session({ values: "all", images });
    const code = await shell.locked(session, request.action, async () => {
      await mend(shell, session);
      const planned = await makePlan(session, request);
      announce(session, planned);
      return exitCodeOf(await carryOut(session, planned));
    });
    await copyBackups(shell, session);
    return code;
  });
}

/** The deployment has its outcome and nobody waits for the lock: whatever happens here changes neither. */
async function copyBackups(shell: Shell, session: Session): Promise<void> {
  try {
    await copyAway(shell, session);
  } catch (error) {
    const hint = "The next `aplomo backup run` makes it up.";
    shell.ctx.emit({ type: "warning", message: `the backups were not copied elsewhere: ${reason(error)}`, hint });
  }
}
