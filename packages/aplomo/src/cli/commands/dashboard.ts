import { once } from "node:events";
import { stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { openLaptop } from "../../agent/door/laptop.ts";
import { roles } from "../../agent/door/tokens.ts";
import { agentPaths } from "../../agent/paths.ts";
import { UsageError } from "../../base/errors.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

/** Opens the agent's pages on this machine's loopback until it is interrupted. */
export function run(options: GlobalOptions & { port?: string; role?: string }): Promise<number> {
  return inShell(options, async (shell) => {
    const { socket } = agentPaths(shell.ctx.home);
    const role = roles.find((one) => one === (options.role ?? "operate"));
    if (role === undefined)
      throw new UsageError({ operation: "take", subject: `--role ${options.role}`, hint: `The roles: ${roles.join(", ")}.` });
    const port = Number(options.port ?? 0);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new UsageError({ operation: "take", subject: `--port ${options.port}`, cause: "it is not a port" });
    if (!(await stat(socket).catch(() => undefined)))
      throw new UsageError({
        operation: "open",
        subject: "the dashboard",
        cause: "no agent runs here",
        hint: "aplomo agent install --yes",
      });
    const laptop = await openLaptop(socket, port, { role, who: `${userInfo().username}, by aplomo dashboard` }, shell.ctx.now);
    shell.result("dashboard", { url: laptop.url, role });
    if (!shell.ctx.signal.aborted) await once(shell.ctx.signal, "abort");
    laptop.close();
    return 0;
  });
}
