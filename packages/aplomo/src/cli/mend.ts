import { StuckError } from "../base/errors.ts";
import { unfinishedDeployment } from "../deploy/deployments.ts";
import type { Finished } from "../deploy/execute.ts";
import { recover } from "../deploy/pipeline.ts";
import type { Session } from "../deploy/session.ts";
import type { Shell } from "./shell.ts";
import { putBack, unfinishedUndo } from "./undo.ts";

/** Before anything new begins, what a crash left is finished or undone. The caller holds the lock. */
export async function mend(shell: Shell, session: Session): Promise<void> {
  await finishUndo(shell, session);
  const left = await unfinishedDeployment(session.paths);
  if (!left) return;
  const ended = await recover(shell.ctx, session.paths, left);
  if (ended.outcome !== "stuck") return;
  throw new StuckError({
    operation: "begin anything new while",
    subject: `${left.id} is stuck`,
    hint: `\`aplomo report ${left.id}\` says what is needed; \`aplomo recover\` tries again`,
  });
}

/** Ends an undo that was killed half-way, with the application stopped. True when there was one. */
export async function finishUndo(shell: Shell, session: Session): Promise<boolean> {
  const undo = await unfinishedUndo(session.paths);
  if (!undo) return false;
  await putBack(shell, session, undo);
  const message = `the restore of ${undo.database} that was being taken back is taken back, and the application runs`;
  shell.ctx.emit({ type: "warning", message });
  return true;
}

/** The exit code of a deployment's end. */
export function exitCodeOf(finished: Finished): number {
  if (finished.outcome === "deployed" || finished.outcome === "rehearsed") return 0;
  return finished.outcome === "stuck" ? 3 : 1;
}
