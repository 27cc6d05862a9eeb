import { deploymentFolder, listDeployments, summarise } from "../../deploy/deployments.ts";
import { readJournal } from "../../deploy/journal.ts";
import type { GlobalOptions } from "../options.ts";
import { wholeNumber } from "../numbers.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { limit?: string }): Promise<number> {
  return inShell(options, async (shell) => {
    const { paths } = await shell.session();
    const ids = (await listDeployments(paths)).slice(0, wholeNumber("--limit", options.limit, 20));
    const deployments = ids.flatMap((id) => summarise(id, readJournal(deploymentFolder(paths, id))) ?? []);
    shell.result("history", {
      deployments: deployments.map((one) => ({ ...one, outcome: one.outcome ?? null, durationMs: one.durationMs ?? null })),
    });
    return 0;
  });
}
