import { UsageError } from "../../base/errors.ts";
import { diagnoseSession } from "../../deploy/diagnosis.ts";
import { explain } from "../../doctor/explain.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { explain?: string }, [subject]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    if (options.explain !== undefined) {
      shell.result("doctor explain", { ...explain(options.explain) });
      return 0;
    }
    const session = await shell.session();
    const { findings, asked, unseen } = await diagnoseSession(session);
    const own = findings.filter((one) => subject === undefined || one.subject.includes(subject));
    if (subject !== undefined && own.length === 0) await refuseUnknown(subject, session.target.units());
    shell.result("doctor", {
      app: session.config.settings.app,
      findings: own.map((one) => ({ ...one })),
      asked,
      unseen: unseen.map((one) => ({ ...one })),
    });
    return own.length + unseen.length > 0 ? 1 : 0;
  });
}

/** Nothing found of what does not exist is no good news. */
async function refuseUnknown(subject: string, asked: Promise<{ name: string; service: string }[]>): Promise<void> {
  const units = await asked;
  if (units.some(({ name, service }) => name.includes(subject) || service === subject)) return;
  throw new UsageError({
    operation: "look at",
    subject,
    cause: "no unit has this name",
    hint: `units: ${units.map(({ name }) => name).join(", ") || "none"}`,
  });
}
