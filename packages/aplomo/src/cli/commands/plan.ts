import { announce, makePlan } from "../../deploy/pipeline.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";
import { deployRequest, type DeployOptions } from "./deploy.ts";

export function run(options: GlobalOptions & DeployOptions): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session({ values: "all", images: options.image });
    const planned = await makePlan(session, deployRequest(options));
    announce(session, planned);
    for (const refusal of planned.facts.target.refusals) shell.ctx.emit({ type: "warning", ...refusal });
    return planned.facts.target.refusals.length > 0 ? 1 : 0;
  });
}
