import { backupHealth, storeHealth } from "../../backup/health.ts";
import type { Observed } from "../observed.ts";
import type { Patient } from "./patient.ts";

export async function lookAtBackups({ ctx, databases, policy }: Patient): Promise<NonNullable<Observed["backups"]>> {
  const now = ctx.now();
  return {
    databases: await Promise.all(databases.map((database) => backupHealth(database, policy, now))),
    stores: await storeHealth(policy),
  };
}
