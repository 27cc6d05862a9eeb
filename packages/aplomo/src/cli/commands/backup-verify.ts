import { listBackups } from "../../backup/catalogue.ts";
import { checkBackup } from "../../backup/check.ts";
import { openNamedStore } from "../../backup/elsewhere.ts";
import type { BackupRecord } from "../../backup/manifest.ts";
import { checkCopies, listCopies } from "../../backup/offsite-fetch.ts";
import { openerFor } from "../../backup/server-key.ts";
import { AplomoError, reason } from "../../base/errors.ts";
import type { Json } from "../../base/events.ts";
import type { Session } from "../../deploy/session.ts";
import { chooseDatabases, chooseOne, findRecord, policy, readIdentities, type Which } from "../backups.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell, type Shell } from "../shell.ts";

/** Reads files to their end: SHA-256, decompression, the dump's own end, rows. One backup, or every one there is. */
export function run(options: GlobalOptions & Which, [wanted]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const checks =
      options.from === undefined ? await here(shell, session, options, wanted) : await there(shell, session, options, options.from);
    shell.result("backup verify", { checks });
    return checks.every(({ ok }) => ok) ? 0 : 1;
  });
}

interface Check {
  [name: string]: Json;
  backup: string;
  database: string;
  ok: boolean;
}

async function here(shell: Shell, session: Session, options: Which, wanted: string | undefined): Promise<Check[]> {
  const identities = await readIdentities(options.identity);
  const checks: Check[] = [];
  for (const record of await recordsOf(shell, session, options, wanted)) {
    const { id: backup, database, tier } = record;
    shell.ctx.emit({ type: "progress", subject: `backup ${backup}`, message: "reading it" });
    try {
      const evidence = await checkBackup(shell.ctx, record, await openerFor(session.paths.root, record, identities));
      checks.push({ backup, database, tier, ok: true, opened: evidence["opened"] ?? true, message: null });
    } catch (error) {
      shell.ctx.signal.throwIfAborted();
      if (!(error instanceof AplomoError)) throw error;
      checks.push({ backup, database, tier, ok: false, opened: false, message: reason(error) });
    }
  }
  return checks;
}

async function recordsOf(shell: Shell, session: Session, options: Which, wanted: string | undefined): Promise<BackupRecord[]> {
  if (wanted !== undefined) {
    const database = await chooseOne(session, options.database, wanted, "verify a backup of");
    return [await findRecord(shell, session, database, wanted)];
  }
  const chosen = chooseDatabases(session, options.database, "verify the backups of");
  return (await Promise.all(chosen.map(({ name }) => listBackups(session.paths.backups, { database: name })))).flat();
}

/** Every copy that a store holds, read back to its last byte. */
async function there(shell: Shell, session: Session, options: Which, from: string): Promise<Check[]> {
  const store = await openNamedStore(shell.ctx, policy(session), from);
  const { app } = session.config.settings;
  const checks: Check[] = [];
  try {
    for (const { name: database } of chooseDatabases(session, options.database, "verify the copies of")) {
      shell.ctx.emit({ type: "progress", subject: `copies in ${from}`, message: "reading them back" });
      const copies = await listCopies(shell.ctx, store, { app, database });
      const wrong = await checkCopies(shell.ctx, store, { app, database });
      for (const { id, tier } of copies)
        checks.push({ backup: id, database, tier, ok: !(id in wrong), opened: false, message: wrong[id] ?? null });
    }
  } finally {
    await store.close();
  }
  return checks;
}
