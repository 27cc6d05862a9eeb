import { AplomoError, reason } from "../../base/errors.ts";
import { listBackups } from "../../backup/catalogue.ts";
import { brokenInvariants } from "../../backup/invariants.ts";
import type { Database } from "../../databases/contract.ts";
import { readStanding, repairOf } from "../../migrations/standing.ts";
import type { SeenDatabase } from "../observed.ts";
import { maskFor, type Patient } from "./patient.ts";

export async function lookAtDatabase(patient: Patient, database: Database): Promise<SeenDatabase> {
  const { name } = database;
  const backup = await lastBackup(patient, name);
  try {
    await database.check();
    const counts = await database.counts();
    const { broken } = await brokenInvariants(database, patient.config.settings.databases[name]?.invariants ?? {});
    return { name, problem: null, counts, backup, broken, halfMigrated: await halfMigrated(patient, database) };
  } catch (error) {
    patient.ctx.signal.throwIfAborted();
    if (!(error instanceof AplomoError)) throw error;
    return { name, problem: maskFor(patient.config)(reason(error)), counts: null, backup, broken: [], halfMigrated: [] };
  }
}

async function lastBackup({ policy }: Patient, database: string): Promise<SeenDatabase["backup"]> {
  const all = await listBackups(policy.directory, { database });
  const last = all.find(({ manifest }) => manifest.proof?.proven) ?? all[0];
  return last ? { id: last.id, counts: last.manifest.rows.snapshot, createdAt: last.manifest.createdAt } : null;
}

/** Migrations that were begun and not ended, by the table of their tool. */
async function halfMigrated({ config }: Patient, database: Database): Promise<SeenDatabase["halfMigrated"]> {
  const standing = await readStanding(database, { files: null, table: config.settings.migrate?.table });
  return (standing?.failed ?? []).map((name) => ({ name, tool: standing?.tool ?? "", repair: repairOf(standing?.tool ?? "") }));
}
