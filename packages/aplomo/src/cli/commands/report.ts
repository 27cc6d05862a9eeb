import { agentPaths, watchPaths, type AgentPaths } from "../../agent/paths.ts";
import { readSamples } from "../../agent/sample.ts";
import { judge, probation } from "../../agent/verdict.ts";
import { UsageError } from "../../base/errors.ts";
import { deploymentFolder, listDeployments } from "../../deploy/deployments.ts";
import { readJournal } from "../../deploy/journal.ts";
import { markdownReport } from "../../report/markdown.ts";
import type { Watched } from "../../report/checklist.ts";
import { english } from "../../report/lang/say.ts";
import { htmlReport } from "../../report/page.ts";
import type { Entry } from "../../deploy/journal.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { html?: boolean }, [wanted]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const { paths, config } = await shell.session();
    const known = await listDeployments(paths);
    const id = wanted ?? known[0];
    if (id === undefined || !known.includes(id)) {
      const cause = id === undefined ? "nothing was deployed yet" : "there is no such deployment";
      throw new UsageError({ operation: "report on", subject: id ?? "the last deployment", cause, hint: "`aplomo history` lists them" });
    }
    const entries = readJournal(deploymentFolder(paths, id));
    const watched = await watchedSince(entries, agentPaths(shell.ctx.home), config.settings.app, shell.ctx.now());
    // JSON is English; the printer for people makes the page anew, in theirs.
    const page = options.html ? { html: htmlReport(entries, english, watched) } : { markdown: markdownReport(entries, english, watched) };
    const data = { deployment: id, format: options.html ? "html" : "markdown", ...page, watched, entries };
    shell.result("report", JSON.parse(JSON.stringify(data)));
    return 0;
  });
}

/** What the agent saw of the release in its first 24 hours; null when it never looked. */
async function watchedSince(entries: readonly Entry[], paths: AgentPaths, app: string, now: Date): Promise<Watched | null> {
  const finished = entries.findLast((entry) => entry.type === "deployment.finished");
  if (finished?.type !== "deployment.finished" || finished.outcome !== "deployed") return null;
  const since = new Date(finished.at);
  const until = new Date(since.getTime() + probation);
  const samples = await readSamples(watchPaths(paths, app).samples, since, now < until ? now : until);
  const verdict = judge(finished.release, samples, []);
  if (!verdict) return null;
  const hours = (Date.parse(verdict.until) - Date.parse(verdict.since)) / 3_600_000;
  return { looks: verdict.looks, hours, troubles: verdict.troubles };
}
