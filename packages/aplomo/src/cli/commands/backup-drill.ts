import { proveBackup } from "../../backup/prove.ts";
import { openerFor } from "../../backup/server-key.ts";
import type { Json } from "../../base/events.ts";
import { chooseDatabases, chooseOne, findRecord, lockedWithin, readIdentities, type Which } from "../backups.ts";
import { mend } from "../mend.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

/** Restores into a scratch database, compares, and writes the proof into the manifest. Without a name: the newest of every database. */
export function run(options: GlobalOptions & Which & { aside?: boolean; wait?: string }, [wanted = "latest"]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const databases =
      wanted === "latest"
        ? chooseDatabases(session, options.database, "drill a backup of")
        : [await chooseOne(session, options.database, options.from === undefined ? wanted : undefined, "drill a backup of")];
    const identities = await readIdentities(options.identity);
    return lockedWithin(shell, session, "backup drill", options.wait, async () => {
      await mend(shell, session);
      const proofs: { [name: string]: Json }[] = [];
      for (const database of databases) {
        const record = await findRecord(shell, session, database, wanted, options.from);
        const proof = await proveBackup(shell.ctx, database, record, {
          aside: options.aside,
          open: await openerFor(session.paths.root, record, identities),
          invariants: session.config.settings.databases[database.name]?.invariants,
        });
        proofs.push({ backup: record.id, database: database.name, ...proof });
      }
      shell.result("backup drill", { proofs });
      return proofs.every(({ proven }) => proven) ? 0 : 1;
    });
  });
}
