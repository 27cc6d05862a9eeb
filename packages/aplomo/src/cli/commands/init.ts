import { access, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { generate } from "../../audit/generate/generate.ts";
import { counted } from "../../base/count.ts";
import { UsageError } from "../../base/errors.ts";
import { discover } from "../../config/discover.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { force?: boolean; generate?: boolean }): Promise<number> {
  return inShell(options, async (shell) => {
    const file = resolve(options.config);
    const exists = await access(file).then(
      () => true,
      () => false,
    );
    const written = options.generate ? await generate(dirname(file)) : [];
    const wrote = written.map((one) => `wrote ${one.path}: ${one.why}`);
    if (exists && options.generate && !options.force) {
      shell.result("init", {
        file: counted(written.length, "file"),
        found: wrote,
        next: [...wrote, `${options.config} is there, and stays as it is`],
      });
      return 0;
    }
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
      found: [...wrote, ...found.reasons],
      next: [...wrote, ...found.reasons, "read it, correct what is marked with `# ?`, then: aplomo check && aplomo plan"],
    });
    return 0;
  });
}
