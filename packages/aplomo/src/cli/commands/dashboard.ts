import { once } from "node:events";
import { stat } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { resolve } from "node:path";
import { openLaptop } from "../../agent/door/laptop.ts";
import { roles } from "../../agent/door/tokens.ts";
import { agentPaths } from "../../agent/paths.ts";
import { AplomoError, UsageError } from "../../base/errors.ts";
import { loadConfig } from "../../config/load.ts";
import { reachAgent } from "../../remote/agent.ts";
import { isElsewhere } from "../elsewhere.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

/** Opens the agent's pages on this machine's loopback until it is interrupted; the agent may be on the server that `target.host` names. */
export function run(options: GlobalOptions & { port?: string; role?: string }): Promise<number> {
  return inShell(options, async (shell) => {
    const role = roles.find((one) => one === (options.role ?? "operate"));
    if (role === undefined)
      throw new UsageError({ operation: "take", subject: `--role ${options.role}`, hint: `The roles: ${roles.join(", ")}.` });
    const port = Number(options.port ?? 0);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new UsageError({ operation: "take", subject: `--port ${options.port}`, cause: "it is not a port" });
    const there = (await isElsewhere(options.config))
      ? await reachAgent(shell.ctx, await loadConfig(resolve(options.config), process.env))
      : undefined;
    const who = `${userInfo().username}${there ? `@${hostname()}` : ""}, by aplomo dashboard`;
    try {
      const socket = there?.socket ?? (await ownSocket(shell.ctx.home));
      const laptop = await openLaptop(socket, port, { role, who }, shell.ctx.now);
      shell.result("dashboard", { url: laptop.url, role });
      if (!shell.ctx.signal.aborted)
        await Promise.race([once(shell.ctx.signal, "abort"), there?.connection.ended ?? new Promise(() => {})]);
      laptop.close();
      if (shell.ctx.signal.aborted) return 0;
      throw new AplomoError({ operation: "show", subject: "the dashboard", cause: "the connection broke", hint: "Run it again." });
    } finally {
      await there?.connection.close();
    }
  });
}

async function ownSocket(home: string): Promise<string> {
  const { socket } = agentPaths(home);
  if (await stat(socket).catch(() => undefined)) return socket;
  throw new UsageError({ operation: "open", subject: "the dashboard", cause: "no agent runs here", hint: "aplomo agent install --yes" });
}
