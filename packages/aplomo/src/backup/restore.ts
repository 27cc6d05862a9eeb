import { AplomoError } from "../base/errors.ts";
import type { Evidence } from "../base/events.ts";
import { scratchName, type Database } from "../databases/contract.ts";
import type { Context } from "../host/context.ts";
import { some, sum } from "./compare.ts";
import { dropQuietly, restoreInto } from "./load.ts";
import type { Opener } from "./encryption.ts";
import type { BackupRecord } from "./manifest.ts";

export interface RestoreOptions {
  /** What the live database is called afterwards. */
  kept: string;
  /** Opens the backup, where it is encrypted. */
  open?: Opener | undefined;
}

/**
 * The backup becomes the live database; the live one stays under the name `kept` (from `scratchName`). Nothing live changes
 * before the restored counts equal the manifest's. May be called again after a crash; when it is done, nothing happens.
 * Where `capabilities.swapNeedsStop`, the application is stopped by the caller.
 */
export async function restoreBackup(ctx: Context, database: Database, record: BackupRecord, options: RestoreOptions): Promise<Evidence> {
  const { kept } = options;
  const scratch = scratchName("restore", withoutPrefix(kept));
  const evidence: Evidence = { backup: record.id, kept: await database.place(kept), rows: sum(record.manifest.rows.snapshot) };
  // The kept database is made by the swap alone: it was begun, so the scratch one had been compared.
  if ((await database.listScratch()).includes(kept)) {
    await database.swap(scratch, kept);
    return { ...evidence, alreadyRestored: true };
  }
  const started = performance.now();
  try {
    const { data, schema } = await restoreInto(ctx, database, record, scratch, options.open);
    if (data.length > 0) {
      throw new AplomoError({
        operation: "restore the backup",
        subject: record.id,
        cause: `what came back is not what was backed up: ${some(data)}`,
        hint: `Nothing was changed: ${database.name} is as it was. Restore another backup: aplomo backup list.`,
      });
    }
    // Every row and object is there: at such a moment a definition that reads differently must not stand in the way.
    if (schema.length > 0)
      ctx.emit({ type: "warning", message: `restored ${record.id}: ${some(schema)}`, hint: "Compare these with `aplomo backup show`." });
    ctx.emit({ type: "progress", subject: `backup ${record.id}`, message: "swapping" });
    const swapping = performance.now();
    await database.swap(scratch, kept);
    const done = performance.now();
    const differs = schema.length > 0 ? { readsDifferently: schema } : {};
    return { ...evidence, ...differs, durationMs: Math.round(done - started), swapMs: Math.round(done - swapping) };
  } catch (error) {
    // Once the swap was begun the scratch database is needed to finish it.
    if (!(await isBegun(database, kept))) await dropQuietly(ctx, database, scratch);
    throw error;
  }
}

/** Also when the server cannot be asked: then nothing is taken away. */
async function isBegun(database: Database, kept: string): Promise<boolean> {
  const names = await database.listScratch().catch(() => [kept]);
  return names.includes(kept);
}

/**
 * Puts the database that `restoreBackup` kept back; the restored one, with what was written since, stays under the name in
 * the evidence. May be called again.
 */
export async function undoRestore(_ctx: Context, database: Database, options: { kept: string }): Promise<Evidence> {
  const { kept } = options;
  const replaced = scratchName("replaced", withoutPrefix(kept));
  const names = await database.listScratch();
  if (!names.includes(kept) && !names.includes(replaced)) {
    throw new AplomoError({
      operation: "put back",
      subject: `database ${database.name}`,
      cause: `there is no kept database ${await database.place(kept)}`,
      hint: "It may have been removed; restore a backup instead: aplomo backup list.",
    });
  }
  await database.swap(kept, replaced);
  return { restored: await database.place(kept), kept: await database.place(replaced) };
}

function withoutPrefix(name: string): string {
  return name.replace(/^aplomo_/, "");
}
