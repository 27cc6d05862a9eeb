import type { Json } from "../../base/events.ts";
import { openerFor } from "../../backup/server-key.ts";
import { chooseOne, findRecord, type Which } from "../backups.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

/** The manifest, explained. */
export function run(options: GlobalOptions & Which, [wanted = "latest"]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const database = await chooseOne(session, options.database, wanted === "latest" ? undefined : wanted, "show a backup of");
    const record = await findRecord(shell, session, database, wanted);
    const opens = record.manifest.encryption === null || (await openerFor(session.paths.root, record)) !== undefined;
    // Beside them, where the server answers: how many rows there are now.
    const now = await database.counts().catch(() => null);
    const manifest = JSON.parse(JSON.stringify(record.manifest)) as Json;
    shell.result("backup show", { file: record.file, opensHere: opens, manifest, rowsNow: now });
    return 0;
  });
}
