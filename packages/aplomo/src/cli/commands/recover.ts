import { UsageError } from "../../base/errors.ts";
import { unfinishedDeployment } from "../../deploy/deployments.ts";
import { recover } from "../../deploy/pipeline.ts";
import type { GlobalOptions } from "../options.ts";
import { exitCodeOf, finishUndo } from "../mend.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { data?: string }): Promise<number> {
  return inShell(options, async (shell) => {
    const { data } = options;
    if (data !== undefined && data !== "keep" && data !== "restore") {
      throw new UsageError({
        operation: "take",
        subject: `--data ${data}`,
        hint: "keep: leave the rows written since; restore: put the last backup back",
      });
    }
    const session = await shell.session();
    return shell.locked(session, "recover", async () => {
      const undone = await finishUndo(shell, session);
      const left = await unfinishedDeployment(session.paths);
      if (!left) {
        shell.result("recover", { recovered: undone ? "restore --undo" : null });
        return 0;
      }
      const ended = await recover(shell.ctx, session.paths, left, data === undefined ? {} : { data });
      // Undone is what recovering is for: only a deployment that is still stuck is a failure.
      return ended.outcome === "stuck" ? exitCodeOf(ended) : 0;
    });
  });
}
