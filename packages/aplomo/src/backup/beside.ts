import { AplomoError, UsageError } from "../base/errors.ts";
import type { Evidence } from "../base/events.ts";
import { scratchName, type Database } from "../databases/contract.ts";
import type { Context } from "../host/context.ts";
import { some, sum } from "./compare.ts";
import type { Opener } from "./encryption.ts";
import { dropQuietly, restoreInto } from "./load.ts";
import type { BackupRecord } from "./manifest.ts";

/** Restores a backup into a database of its own, which stays until a person removes it; the live one is not touched. */
export async function restoreBeside(
  ctx: Context,
  database: Database,
  record: BackupRecord,
  options: { name: string; open?: Opener | undefined },
): Promise<Evidence> {
  const scratch = scratchName("copy", options.name);
  const place = await refuseTaken(database, scratch);
  const started = performance.now();
  try {
    const { data, schema } = await restoreInto(ctx, database, record, scratch, options.open);
    if (data.length > 0)
      throw new AplomoError({
        operation: "restore the backup",
        subject: record.id,
        cause: `what came back is not what was backed up: ${some(data)}`,
        hint: "Restore another backup: aplomo backup list.",
      });
    return {
      backup: record.id,
      place,
      rows: sum(record.manifest.rows.snapshot),
      schema,
      durationMs: Math.round(performance.now() - started),
    };
  } catch (error) {
    await dropQuietly(ctx, database, scratch);
    throw error;
  }
}

/** Where a database of this name comes to be; what is there already is never emptied. */
export async function refuseTaken(database: Database, scratch: string): Promise<string> {
  const place = await database.place(scratch);
  if (!(await database.listScratch()).includes(scratch)) return place;
  throw new UsageError({
    operation: "restore into",
    subject: place,
    cause: "there is one already",
    hint: "Choose another name with --to.",
  });
}
