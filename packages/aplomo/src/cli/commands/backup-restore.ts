import { stat } from "node:fs/promises";
import { restoreBeside } from "../../backup/beside.ts";
import { loadBeside } from "../../backup/part.ts";
import { newestProven, unproven } from "../../backup/latest.ts";
import { restoreBackup } from "../../backup/restore.ts";
import { lend, openerFor, sealFor } from "../../backup/server-key.ts";
import { takeBackup } from "../../backup/take.ts";
import type { BackupRecord } from "../../backup/manifest.ts";
import { UsageError } from "../../base/errors.ts";
import { stamp } from "../../base/time.ts";
import { scratchName, type Database } from "../../databases/contract.ts";
import { announce, carryOut, makePlan } from "../../deploy/pipeline.ts";
import { currentRelease } from "../../deploy/releases.ts";
import type { Session } from "../../deploy/session.ts";
import { chooseOne, findRecord, policy, readIdentities, type Which } from "../backups.ts";
import { confirm } from "../confirm.ts";
import { exitCodeOf, mend } from "../mend.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell, type Shell } from "../shell.ts";
import { putBack, unfinishedUndo } from "../undo.ts";

type Options = GlobalOptions & Which & { yes?: boolean; to?: string; undo?: boolean | string; only?: string };

export function run(options: Options, [wanted]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    // It makes units anew from the present files, unless the data only goes beside or comes back.
    const deploys = options.to === undefined && options.only === undefined && options.undo === undefined;
    const session = await shell.session(deploys ? { values: "all" } : {});
    if (options.undo !== undefined) return undo(shell, session, options);
    if (wanted === undefined)
      throw new UsageError({ operation: "choose", subject: "what to restore", hint: "Name a backup (aplomo backup list), or `latest`." });
    if (wanted.includes("/") || (await isFile(wanted))) return foreign(shell, session, wanted, options);
    const here = options.from === undefined ? wanted : undefined;
    const database = await chooseOne(session, options.database, here, "restore a backup of");
    const record = await findRecord(shell, session, database, wanted, options.from, newestProven(shell.ctx.emit));
    return options.to === undefined && options.only === undefined
      ? replace(shell, session, database, record, options)
      : beside(shell, session, database, record, options);
  });
}

/**
 * With a release in front a restore is a deployment of that same release whose change is the data: stopped, backed up,
 * restored beside, proven, swapped, started, watched, and undone when a gate fails.
 */
async function replace(shell: Shell, session: Session, database: Database, record: BackupRecord, options: Options): Promise<number> {
  const { root, backups: directory } = session.paths;
  const identities = await readIdentities(options.identity);
  // Before anything is asked or stopped.
  if (record.manifest.encryption && !(await openerFor(root, record, identities))) refuseWithoutKey(record);
  const proven = record.manifest.proof?.proven === true;
  if (!proven) {
    const hint = `A drill finds out whether it comes back whole: aplomo backup drill ${record.id}.`;
    shell.ctx.emit({ type: "warning", message: `${record.id} ${unproven(record.manifest)}`, hint });
  }
  const question = `Put ${database.name} back to ${record.id} (made ${record.manifest.createdAt}${proven ? "" : ", not proven"})? The data of now is kept beside.`;
  await confirm(options.yes ?? false, question);
  return shell.locked(session, "backup restore", async () => {
    await mend(shell, session);
    if (await currentRelease(session.paths)) {
      const takeBack = await lend(root, record, identities);
      const planned = await makePlan(session, { action: "restore", backups: { [database.name]: record.id } });
      announce(session, planned);
      const finished = await carryOut(session, planned);
      // What is stuck still has to be finished, maybe by another process.
      if (finished.outcome !== "stuck") await takeBack();
      return exitCodeOf(finished);
    }
    const { app, recipients, compress } = policy(session);
    await takeBackup(shell.ctx, database, { app, directory, tier: "safety", compress, seal: await sealFor(root, recipients, true) });
    const kept = scratchName("before", stamp(shell.ctx.now()));
    await restoreBackup(shell.ctx, database, record, { kept, open: await openerFor(root, record, identities) });
    shell.result("backup restore", { database: database.name, backup: record.id, kept, place: await database.place(kept) });
    return 0;
  });
}

async function beside(shell: Shell, session: Session, database: Database, record: BackupRecord, options: Options): Promise<number> {
  const open = await openerFor(session.paths.root, record, await readIdentities(options.identity));
  return shell.locked(session, "backup restore", async () => {
    const { to, only } = options;
    const name = to ?? `${only} ${stamp(shell.ctx.now())}`;
    const evidence =
      only === undefined
        ? await restoreBeside(shell.ctx, database, record, { name, open })
        : { backup: record.id, ...(await loadBeside(shell.ctx, database, { record, open }, { name, only })) };
    shell.result("backup restore beside", { database: database.name, ...evidence });
    return 0;
  });
}

/** A dump that another tool made: it says nothing of what must come out of it, so that it never replaces anything by itself. */
async function foreign(shell: Shell, session: Session, path: string, options: Options): Promise<number> {
  const database = await chooseOne(session, options.database, undefined, "restore a dump into");
  const { to, only } = options;
  if (to === undefined && only === undefined)
    throw new UsageError({
      operation: "restore",
      subject: path,
      cause: "nothing says what a dump of another tool must hold, so it goes into a database of its own",
      hint: "Name one with --to, and look at what came.",
    });
  return shell.locked(session, "backup restore", async () => {
    const evidence = await loadBeside(shell.ctx, database, { path }, { name: to ?? `${only} ${stamp(shell.ctx.now())}`, only });
    shell.result("backup restore beside", { database: database.name, backup: path, ...evidence });
    return 0;
  });
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The database that the last restore replaced becomes the live one again; what is live now is kept in turn. */
async function undo(shell: Shell, session: Session, options: Options): Promise<number> {
  const database = await chooseOne(session, options.database, undefined, "undo a restore of");
  const left = await unfinishedUndo(session.paths);
  const kept = left?.database === database.name ? left.kept : await chooseKept(database, options.undo);
  await confirm(options.yes ?? false, `Put ${database.name} back to ${await database.place(kept)}? The data of now is kept beside.`);
  return shell.locked(session, "backup restore", async () => {
    await mend(shell, session);
    const evidence = await putBack(shell, session, { database: database.name, kept });
    shell.result("backup restore undone", { database: database.name, ...evidence });
    return 0;
  });
}

async function chooseKept(database: Database, wanted: boolean | string | undefined): Promise<string> {
  const names = (await database.listScratch()).filter((name) => name.startsWith(scratchName("before", "")));
  const [only, ...others] = typeof wanted === "string" ? names.filter((name) => name === wanted) : names;
  if (only !== undefined && others.length === 0) return only;
  const hint = names.length === 0 ? "Restore a backup instead: aplomo backup list." : `Name one with --undo: ${names.join(", ")}.`;
  const cause = names.length === 0 ? "no database is kept from before a restore" : undefined;
  throw new UsageError({ operation: "undo", subject: `a restore of ${database.name}`, cause, hint });
}

function refuseWithoutKey(record: BackupRecord): never {
  throw new UsageError({
    operation: "open",
    subject: record.id,
    cause: `it is encrypted for ${record.manifest.encryption?.recipients.join(", ")}, and no key of these is here`,
    hint: "Give the file with the key of the recovery kit: --identity FILE.",
  });
}
