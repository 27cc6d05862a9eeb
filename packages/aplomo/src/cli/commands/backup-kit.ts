import { UsageError } from "../../base/errors.ts";
import { newKit } from "../../backup/kit.ts";
import { storeTitle } from "../../backup/policy.ts";
import { writeNewFile } from "../../host/files.ts";
import { showSecret } from "../../report/show-secret.ts";
import { policy } from "../backups.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

/** Makes a pair of keys and shows the page to lock away, once. Nothing of it is kept, and it never is an event. */
export function run(options: GlobalOptions & { out?: string }): Promise<number> {
  return inShell(options, async (shell) => {
    if (options.json && options.out === undefined)
      throw new UsageError({
        operation: "print",
        subject: "the kit as JSON",
        cause: "it holds a key, which is shown to a person and not to a log",
        hint: "Leave --json out, or write it into a new file with --out FILE.",
      });
    const session = await shell.session();
    const { app, directory, stores } = policy(session);
    const databases = session.databases.map(({ name, engine }) => ({ name, engine }));
    const { recipient, text } = newKit({ app, databases, directory, stores: stores.map(storeTitle) }, shell.ctx.now());
    if (options.out === undefined) showSecret(text);
    else await writeNewFile(options.out, text.reveal());
    shell.result("backup kit", { recipient, file: options.out ?? null });
    return 0;
  });
}
