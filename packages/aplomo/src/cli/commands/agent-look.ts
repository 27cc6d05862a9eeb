import { look } from "../../agent/look.ts";
import { agentPaths, watchPaths } from "../../agent/paths.ts";
import { readSamples } from "../../agent/sample.ts";
import { get } from "../../host/http.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

const day = 24 * 60 * 60_000;

export function run(options: GlobalOptions & { deep?: boolean; ping?: boolean }): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const { app, watch } = session.config.settings;
    const now = shell.ctx.now();
    const { samples } = watchPaths(agentPaths(shell.ctx.home), app);
    const before = await readSamples(samples, new Date(now.getTime() - day), now);
    const found = await look(session, { deep: options.deep ?? false, before });
    if (options.ping && watch.ping) {
      const { problem } = await get(watch.ping.reveal(), 5_000);
      if (problem !== null) shell.ctx.emit({ type: "warning", message: `watch.ping was not reached: ${problem}` });
    }
    shell.result("agent look", JSON.parse(JSON.stringify(found)));
    return found.signals.some(({ level }) => level === "error") ? 1 : 0;
  });
}
