import { StuckError } from "../../base/errors.ts";
import type { Evidence } from "../../base/events.ts";
import { findBackup } from "../../backup/catalogue.ts";
import { openerFor } from "../../backup/server-key.ts";
import { restoreBackup } from "../../backup/restore.ts";
import { scratchName, type Counts, type Database } from "../../databases/contract.ts";
import { settleFile } from "../../migrations/run.ts";
import { holdRequests } from "../edge.ts";
import { checkInvariants } from "../gates/invariants.ts";
import { readMark } from "../marks.ts";
import { migratedDatabase, migrateStep } from "../migrations.ts";
import type { Work } from "../step.ts";
import { servesOn } from "../way.ts";

/**
 * Puts a database back as its last backup holds it, where that loses nothing people wrote: the application was stopped
 * before that backup, so until the switch only the release's own commands wrote.
 *
 * Once requests have flowed (the step `switch.units`, or `switch.point`, was begun) rows may have been accepted. Then `on_conflict` decides:
 * `restore` loses them, and says how many; `keep` leaves the migrated data to the old release; `ask`, the default, leaves it
 * too while the invariants hold, since the old release must then prove healthy on it, and otherwise stops for a person.
 */
export async function putBack(work: Work, database: Database): Promise<Evidence> {
  const backup = work.evidenceOf(`change.backup.${database.name}`);
  const before = await readMark(work, `change.backup.${database.name}`);
  // The backup itself did not end: nothing was changed after it.
  if (!backup || !before) return { data: "untouched" };
  const kept = await keptAlready(work, database);
  // A crash after the swap: the restored rows would look as if people had written them.
  if (kept) return { data: "put back", ...(await restore(work, database, backup, kept)), rowsLost: 0 };
  if (servesOn(work)) return leaveServed(work, database, backup);
  if (await isUntouched(database, before, backup)) return { data: "untouched" };
  const written = await writtenByPeople(work, database);
  const rows = Object.values(written).reduce((sum, count) => sum + count, 0);
  if (rows > 0 && (await leaveAsIs(work, database, written))) return { data: "kept as migrated", written, rowsLost: 0 };
  const restored = await restore(work, database, backup, rows > 0 ? keptName(work) : discardedName(work));
  return { data: "put back", ...restored, ...(rows > 0 ? { written } : {}), rowsLost: rows };
}

/**
 * The old release served all the while and works on the migrated data, as the rehearsal proved: its code goes back alone. Only when the data
 * breaks an invariant that it kept on the copy does anybody have to decide, and then nothing more is written.
 */
async function leaveServed(work: Work, database: Database, backup: Evidence): Promise<Evidence> {
  await settleMigration(work, database);
  const changed = work.evidenceOf(`change.mark.${database.name}`) !== undefined || (await database.fingerprint()) !== backup["schema"];
  const { broken } = await checkInvariants(work, database, false);
  const policy = work.config.settings.on_conflict;
  if (broken.length === 0 || policy === "keep") return { data: changed ? "kept as migrated" : "untouched", rowsLost: 0 };
  const { previous, edge } = work.facts;
  if (previous) {
    await holdRequests(work, previous, edge?.pointed ? work.edge.capabilities.holds?.limitMs : undefined);
    await work.target.stop(previous);
  }
  const before = await readMark(work, `change.backup.${database.name}`);
  const written = before ? await database.writtenSince(before) : {};
  if (policy === "ask") throw undecided(database, broken, written);
  const rowsLost = Object.values(written).reduce((sum, count) => sum + count, 0);
  return { data: "put back", ...(await restore(work, database, backup, keptName(work))), written, rowsLost };
}

/** Of a file of SQL that was begun live it is told whether it was done: the next deployment goes on from there. */
async function settleMigration(work: Work, database: Database): Promise<void> {
  const { migrate } = work.config.settings;
  const { file, schema } = (await readMark(work, migrateStep)) ?? {};
  if (!migrate || typeof file !== "string" || typeof schema !== "string") return;
  if (migratedDatabase(work.databases, { migrate })?.name !== database.name) return;
  const { lock_timeout: lockTimeout, time_limit: limit } = migrate;
  await settleFile(database, file, schema, { lockTimeout, limit, now: work.ctx.now });
}

/** The migrated database, with rows people wrote: it stays until a person removes it. */
const keptName = (work: Work): string => scratchName("kept", work.facts.deployment);

/** The migrated database when nobody wrote to it: nothing in it is missed once the old release is back. */
export const discardedName = (work: Work): string => scratchName("undone", work.facts.deployment);

async function keptAlready(work: Work, database: Database): Promise<string | undefined> {
  const names = await database.listScratch();
  return [keptName(work), discardedName(work)].find((name) => names.includes(name));
}

async function restore(work: Work, database: Database, backup: Evidence, kept: string): Promise<Evidence> {
  const record = await findBackup(work.paths.backups, database.name, backupId(backup));
  return restoreBackup(work.ctx, database, record, { kept, open: await openerFor(work.paths.root, record) });
}

function backupId(backup: Evidence): string {
  return typeof backup["backup"] === "string" ? backup["backup"] : "";
}

async function isUntouched(database: Database, before: Parameters<Database["writtenSince"]>[0], backup: Evidence): Promise<boolean> {
  if ((await database.fingerprint()) !== backup["schema"]) return false;
  return Object.keys(await database.writtenSince(before)).length === 0;
}

/** Rows written since the change was done, if requests could have reached the new release at all. */
async function writtenByPeople(work: Work, database: Database): Promise<Counts> {
  const step = `change.mark.${database.name}`;
  const after = work.evidenceOf(step) && (await readMark(work, step));
  const served = work.wasStarted("switch.units") || work.wasStarted("switch.point");
  if (!after || !served) return {};
  return database.writtenSince(after);
}

async function leaveAsIs(work: Work, database: Database, written: Counts): Promise<boolean> {
  const policy = work.config.settings.on_conflict;
  if (policy === "restore") return false;
  if (policy === "keep") return true;
  const { broken } = await checkInvariants(work, database, false);
  if (broken.length === 0) return true;
  throw undecided(database, broken, written);
}

function undecided(database: Database, broken: readonly string[], written: Counts): StuckError {
  const tables = Object.entries(written).map(([table, rows]) => `${table} (${rows})`);
  return new StuckError({
    operation: "put back",
    subject: database.name,
    cause: `invariants are broken (${broken.join("; ")}) and rows were written since the change: ${tables.join(", ")}`,
    hint: "the application is stopped; decide with `aplomo recover --data restore` (those rows stay in the kept database) or `aplomo recover --data keep`",
  });
}
