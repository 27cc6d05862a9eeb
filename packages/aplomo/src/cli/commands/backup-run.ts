import { takeBackup } from "../../backup/take.ts";
import { UsageError } from "../../base/errors.ts";
import type { Json } from "../../base/events.ts";
import { currentRelease } from "../../deploy/releases.ts";
import type { GlobalOptions } from "../options.ts";
import { mend } from "../mend.ts";
import { totalRows } from "../numbers.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions, [only]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const { settings } = session.config;
    const chosen = session.databases.filter((database) => only === undefined || database.name === only);
    if (chosen.length === 0) {
      const known = Object.keys(settings.databases).join(", ") || "none";
      throw new UsageError({
        operation: "back up",
        subject: only ?? settings.app,
        cause: "aplomo.yml names no such database",
        hint: `databases: ${known}`,
      });
    }
    return shell.locked(session, "backup run", async () => {
      await mend(shell, session);
      const release = await currentRelease(session.paths);
      const backups: Json[] = [];
      for (const database of chosen) {
        const { id, file, manifest } = await takeBackup(shell.ctx, database, {
          app: settings.app,
          directory: session.paths.backups,
          tier: "manual",
          ...(release ? { release: release.id } : {}),
          ...(settings.backups.compress ? { compress: settings.backups.compress } : {}),
        });
        backups.push({
          id,
          file,
          database: database.name,
          rows: totalRows(manifest.rows.snapshot),
          bytes: manifest.bytes.stored,
          sha256: manifest.sha256,
        });
      }
      shell.result("backup run", { backups });
      return 0;
    });
  });
}
