import { UsageError } from "../../base/errors.ts";
import { languageOf, sayIn } from "../../report/lang/language.ts";
import { placesOf } from "../completion/places.ts";
import { scripts } from "../completion/scripts.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions, [wanted = ""]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const make = Object.hasOwn(scripts, wanted) ? scripts[wanted] : undefined;
    if (!make) {
      const known = Object.keys(scripts).join(", ");
      throw new UsageError({
        operation: "complete",
        subject: wanted || "for no shell",
        cause: "there is no such shell",
        hint: `Use one of ${known}`,
      });
    }
    // The table names this command too: it is asked for when it is needed.
    const script = make(placesOf(await import("../verbs.ts"), await sayIn(languageOf(process.env))));
    shell.result("completion", { shell: wanted, script });
    return 0;
  });
}
