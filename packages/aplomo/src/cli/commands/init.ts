import { access, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { discover } from "../../config/discover.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { force?: boolean }): Promise<number> {
  return inShell(options, async (shell) => {
    const file = resolve(options.config);
    const exists = await access(file).then(
      () => true,
      () => false,
    );
    if (exists && !options.force)
      throw new UsageError({
        operation: "write",
        subject: options.config,
        cause: "it exists",
        hint: "edit it, or replace it with --force",
      });
    const found = await discover(dirname(file));
    await writeFile(file, found.text);
    shell.result("init", {
      file: options.config,
      found: found.reasons,
      next: [...found.reasons, "read it, correct what is marked with `# ?`, then: aplomo check && aplomo plan"],
    });
    return 0;
  });
}
