import { findBackup } from "../../backup/catalogue.ts";
import { restoreBackup } from "../../backup/restore.ts";
import { takeBackup } from "../../backup/take.ts";
import { UsageError } from "../../base/errors.ts";
import { stamp } from "../../base/time.ts";
import { scratchName } from "../../databases/contract.ts";
import { currentRelease } from "../../deploy/releases.ts";
import { announce, carryOut, makePlan } from "../../deploy/pipeline.ts";
import type { Session } from "../../deploy/session.ts";
import { confirm } from "../confirm.ts";
import type { GlobalOptions } from "../options.ts";
import { exitCodeOf, mend } from "../mend.ts";
import { inShell } from "../shell.ts";

/**
 * With a release in front a restore is a deployment of that same release whose change is the data: stopped, backed up,
 * restored beside, proven, swapped, started, watched, and undone when a gate fails.
 */
export function run(options: GlobalOptions & { database?: string; yes?: boolean }, [wanted]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const database = chooseDatabase(session, options.database);
    const record = await findBackup(session.paths.backups, database.name, wanted ?? "latest");
    await confirm(
      options.yes ?? false,
      `Put ${database.name} back to ${record.id} (made ${record.manifest.createdAt})? The data of now is kept beside.`,
    );
    return shell.locked(session, "backup restore", async () => {
      await mend(shell, session);
      if (await currentRelease(session.paths)) {
        const planned = await makePlan(session, { action: "restore", backups: { [database.name]: record.id } });
        announce(session, planned);
        return exitCodeOf(await carryOut(session, planned));
      }
      const { app } = session.config.settings;
      await takeBackup(shell.ctx, database, { app, directory: session.paths.backups, tier: "safety" });
      const kept = scratchName("before", stamp(shell.ctx.now()));
      await restoreBackup(shell.ctx, database, record, { kept });
      shell.result("backup restore", { database: database.name, backup: record.id, kept });
      return 0;
    });
  });
}

function chooseDatabase(session: Session, name: string | undefined): Session["databases"][number] {
  const [first, ...others] = session.databases;
  const found = name === undefined && others.length === 0 ? first : session.databases.find((database) => database.name === name);
  if (found) return found;
  const known = session.databases.map((database) => database.name).join(", ") || "none";
  throw new UsageError({ operation: "choose the database", subject: name ?? "to restore", hint: `name one with --database: ${known}` });
}
