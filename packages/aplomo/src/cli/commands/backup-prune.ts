import { prune, planPrune, type LocalDated } from "../../backup/retention-prune.ts";
import { reach } from "../../backup/retention-reach.ts";
import type { Verdict } from "../../backup/retention.ts";
import type { Json } from "../../base/events.ts";
import { listReleases } from "../../deploy/releases.ts";
import { chooseDatabases, policy } from "../backups.ts";
import { confirm } from "../confirm.ts";
import { mend } from "../mend.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

/** Shows what would go and what stays, each with its reason; then asks, and removes. */
export function run(options: GlobalOptions & { yes?: boolean; dryRun?: boolean }, [only]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const { directory, keep, zone } = policy(session);
    const databases = chooseDatabases(session, only, "prune the backups of").map(({ name }) => name);
    return shell.locked(session, "backup prune", async () => {
      await mend(shell, session);
      const releases = (await listReleases(session.paths)).map(({ id }) => id);
      const now = shell.ctx.now();
      const plans = await Promise.all(databases.map((database) => planPrune(directory, database, keep, { now, zone, releases })));
      const going = plans.flat().filter(({ action }) => action === "delete");
      shell.result("backup prune plan", { keep: reach(keep).text, verdicts: plans.flat().map(told) });
      if (options.dryRun || going.length === 0) return 0;
      await confirm(options.yes ?? false, `Delete ${going.length === 1 ? "this backup" : `these ${going.length} backups`}?`);
      const { deleted, bytes } = await prune(shell.ctx, directory, plans.flat());
      shell.result("backup prune", { deleted, bytes });
      return 0;
    });
  });
}

function told({ action, reason, backup }: Verdict<LocalDated>): Json {
  const { id, tier, proof, record } = backup;
  return { id, database: record.database, tier, proof, action, reason };
}
