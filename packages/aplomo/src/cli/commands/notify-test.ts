import { hostname } from "node:os";
import { resolve } from "node:path";
import { tellAll } from "../../agent/channels/index.ts";
import { UsageError } from "../../base/errors.ts";
import { loadConfig } from "../../config/load.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions): Promise<number> {
  return inShell(options, async (shell) => {
    const { app, notify } = (await loadConfig(resolve(options.config), process.env)).settings;
    if (notify.length === 0) {
      const hint = "Add one: notify: [{ kind: ntfy, url: https://ntfy.sh/my-topic }]. docs/AGENT.md has the others.";
      throw new UsageError({ operation: "test", subject: "the messages", cause: "aplomo.yml names nobody under notify", hint });
    }
    const told = await tellAll(notify, {
      version: 1,
      kind: "test",
      app,
      server: hostname(),
      at: shell.ctx.now().toISOString(),
      title: `${app}: a test of Aplomo's messages`,
      findings: [{ subject: app, message: "nothing is wrong: somebody wanted to see whether this arrives", next: null }],
      since: null,
      incident: null,
    });
    shell.result("notify test", { told: told.map((one) => ({ ...one })) });
    return told.every(({ problem }) => problem === null) ? 0 : 1;
  });
}
