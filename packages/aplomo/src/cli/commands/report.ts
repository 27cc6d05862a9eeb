import { UsageError } from "../../base/errors.ts";
import { deploymentFolder, listDeployments } from "../../deploy/deployments.ts";
import { readJournal } from "../../deploy/journal.ts";
import { markdownReport } from "../../report/markdown.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions, [wanted]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const { paths } = await shell.session();
    const known = await listDeployments(paths);
    const id = wanted ?? known[0];
    if (id === undefined || !known.includes(id)) {
      const cause = id === undefined ? "nothing was deployed yet" : "there is no such deployment";
      throw new UsageError({ operation: "report on", subject: id ?? "the last deployment", cause, hint: "`aplomo history` lists them" });
    }
    const entries = readJournal(deploymentFolder(paths, id));
    shell.result("report", { deployment: id, markdown: markdownReport(entries), entries: JSON.parse(JSON.stringify(entries)) });
    return 0;
  });
}
