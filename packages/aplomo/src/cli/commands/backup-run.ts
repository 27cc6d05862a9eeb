import { runBackup } from "../../backup/run.ts";
import type { Json } from "../../base/events.ts";
import { currentRelease, listReleases } from "../../deploy/releases.ts";
import { chooseDatabases, copiesData, copyAway, lockedWithin, policy } from "../backups.ts";
import { mend } from "../mend.ts";
import { totalRows } from "../numbers.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

/** Takes, proves, sorts into tiers, prunes; then, with the lock given back, copies elsewhere. */
export function run(options: GlobalOptions & { manual?: boolean; wait?: string }, [only]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const chosen = chooseDatabases(session, only, "back up");
    const backups = await lockedWithin(shell, session, "backup run", options.wait, async () => {
      await mend(shell, session);
      const release = (await currentRelease(session.paths))?.id;
      const releases = (await listReleases(session.paths)).map(({ id }) => id);
      const done: { [name: string]: Json }[] = [];
      for (const database of chosen) {
        const { record, proof, kept, deleted } = await runBackup(shell.ctx, database, policy(session), {
          tier: options.manual ? "manual" : "daily",
          invariants: session.config.settings.databases[database.name]?.invariants ?? {},
          release,
          releases,
        });
        const { manifest } = record;
        done.push({
          id: record.id,
          file: record.file,
          database: database.name,
          rows: totalRows(manifest.rows.snapshot),
          bytes: manifest.bytes.stored,
          sha256: manifest.sha256,
          proven: proof?.proven ?? false,
          differences: proof?.differences ?? [],
          durationMs: manifest.durations.totalMs,
          proofMs: proof?.durationMs ?? null,
          kept,
          deleted,
        });
      }
      return done;
    });
    const copies = copiesData(await copyAway(shell, session));
    shell.result("backup run", { backups, copies });
    return backups.every(({ proven }) => proven) ? 0 : 1;
  });
}
