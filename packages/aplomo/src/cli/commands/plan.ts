import { announce, makePlan } from "../../deploy/pipeline.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { migrate?: boolean; rehearsal?: boolean }): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const planned = await makePlan(session, { action: "deploy", migrate: options.migrate ?? false, rehearse: options.rehearsal ?? true });
    announce(session, planned);
    for (const refusal of planned.facts.target.refusals) shell.ctx.emit({ type: "warning", ...refusal });
    return planned.facts.target.refusals.length > 0 ? 1 : 0;
  });
}
