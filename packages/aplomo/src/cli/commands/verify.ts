import { AplomoError, UsageError, reason } from "../../base/errors.ts";
import type { Json } from "../../base/events.ts";
import { verifyCurrent } from "../../deploy/verify.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const results = await verifyCurrent(session);
    if (!results)
      throw new UsageError({
        operation: "verify",
        subject: session.config.settings.app,
        cause: "no release is in front yet",
        hint: "aplomo deploy",
      });
    const checks: Json[] = results.map(({ step, error, evidence }) => ({
      check: step.title,
      ok: error === undefined,
      message: error === undefined ? null : reason(error),
      hint: error instanceof AplomoError ? (error.hint ?? null) : null,
      evidence: evidence ?? null,
    }));
    shell.result("verify", { checks });
    return results.some((one) => one.error !== undefined) ? 1 : 0;
  });
}
