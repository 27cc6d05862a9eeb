import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { readExpected } from "../../backup/expect.ts";
import { dropQuietly } from "../../backup/load.ts";
import { loadProven, recordBeside, type Loaded } from "../../backup/push.ts";
import { openerFor, sealFor } from "../../backup/server-key.ts";
import { takeBackup } from "../../backup/take.ts";
import { UsageError } from "../../base/errors.ts";
import { stamp } from "../../base/time.ts";
import { scratchName, type Database } from "../../databases/contract.ts";
import { announce, carryOut, makePlan } from "../../deploy/pipeline.ts";
import { currentRelease } from "../../deploy/releases.ts";
import type { Session } from "../../deploy/session.ts";
import { chooseOne, policy, readIdentities } from "../backups.ts";
import { confirm } from "../confirm.ts";
import { exitCodeOf, mend } from "../mend.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell, type Shell } from "../shell.ts";

type Options = GlobalOptions & { to?: string; expect?: string[]; identity?: string; yes?: boolean };

export function run(options: Options, [dump = ""]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session({ values: "all" });
    const path = resolve(dump);
    await stat(path).catch((cause: unknown) => {
      throw new UsageError({ operation: "read", subject: dump, cause, hint: "Name the file of a dump." });
    });
    const database = await chooseOne(session, options.to, undefined, "push data into");
    const record = await recordBeside(path);
    const open = record && (await openerFor(session.paths.root, record, await readIdentities(options.identity)));
    const expected = await readExpected(options.expect ?? []);
    const invariants = session.config.settings.databases[database.name]?.invariants ?? {};
    await confirm(options.yes ?? false, `Replace the data of ${database.name} by ${dump}? The data of now is kept beside.`);
    return shell.locked(session, "data push", async () => {
      await mend(shell, session);
      const name = `push ${stamp(shell.ctx.now())}`;
      const loaded = await loadProven(shell.ctx, database, { path, record, open, expected, invariants, name });
      shell.result("data push", { database: database.name, dump, ...loaded });
      return (await currentRelease(session.paths)) ? deploy(shell, session, database, loaded) : exchange(shell, session, database, loaded);
    });
  });
}

/** With a release in front it is a deployment of that release whose change is the data, as a restore is. */
async function deploy(shell: Shell, session: Session, database: Database, { scratch }: Loaded): Promise<number> {
  const planned = await makePlan(session, { action: "restore", loaded: { [database.name]: scratch } });
  announce(session, planned);
  const finished = await carryOut(session, planned);
  // What is stuck may still be finished.
  if (finished.outcome !== "stuck" && (await database.listScratch()).includes(scratch)) await dropQuietly(shell.ctx, database, scratch);
  return exitCodeOf(finished);
}

/** Nothing of ours runs: a backup, and the swap. */
async function exchange(shell: Shell, session: Session, database: Database, { scratch }: Loaded): Promise<number> {
  const { root, backups: directory } = session.paths;
  const { app, recipients, compress } = policy(session);
  await takeBackup(shell.ctx, database, { app, directory, tier: "safety", compress, seal: await sealFor(root, recipients, true) });
  const kept = scratchName("before", stamp(shell.ctx.now()));
  await database.swap(scratch, kept);
  shell.result("data pushed", { database: database.name, kept, place: await database.place(kept) });
  return 0;
}
