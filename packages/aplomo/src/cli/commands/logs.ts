import { UsageError } from "../../base/errors.ts";
import { mask } from "../../deploy/gates/gate.ts";
import type { GlobalOptions } from "../options.ts";
import { wholeNumber } from "../numbers.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { tail?: string }, [service]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const tail = wholeNumber("--tail", options.tail, 50);
    const all = await session.target.units();
    const units = all.filter((unit) => service === undefined || unit.service === service || unit.name === service);
    if (units.length === 0) {
      const known = [...new Set(all.map((unit) => unit.service))].join(", ") || "none";
      throw new UsageError({
        operation: "show the logs of",
        subject: service ?? "the application",
        cause: "no such unit",
        hint: `services with units: ${known}`,
      });
    }
    const logs = await Promise.all(
      units.map(async (unit) => ({ name: unit.name, log: mask(session, await session.target.logs(unit, { tail })) })),
    );
    shell.result("logs", { units: logs });
    return 0;
  });
}
