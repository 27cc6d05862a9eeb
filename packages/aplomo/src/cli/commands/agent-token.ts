import { makeToken, roles } from "../../agent/door/tokens.ts";
import { agentPaths } from "../../agent/paths.ts";
import { UsageError } from "../../base/errors.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { name?: string; role?: string }): Promise<number> {
  return inShell(options, async (shell) => {
    const { name, role = "read" } = options;
    const known = roles.find((one) => one === role);
    if (known === undefined)
      throw new UsageError({ operation: "take", subject: `--role ${role}`, hint: `The roles: ${roles.join(", ")}.` });
    if (name === undefined || !/^[\w.@ -]{1,40}$/.test(name))
      throw new UsageError({ operation: "make a token for", subject: name ?? "nobody", hint: "Say whose it is: --name ana." });
    const token = await makeToken(agentPaths(shell.ctx.home), { who: name, role: known });
    // The one place where it is shown; what is kept is its hash.
    shell.result("agent token", { name, role: known, token: token.reveal() });
    return 0;
  });
}
