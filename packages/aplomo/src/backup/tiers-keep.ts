import { copyFile, link, open } from "node:fs/promises";
import { join } from "node:path";
import { AplomoError } from "../base/errors.ts";
import type { Context } from "../host/context.ts";
import { listBackups } from "./catalogue.ts";
import type { BackupRecord, Manifest } from "./manifest.ts";
import { tierFolder } from "./names.ts";
import { publish } from "./publish.ts";
import { sha256Of } from "./scan.ts";
import { datedOf, slotsToFill, type Tier } from "./tiers.ts";
import { discard, openWorkplace, prepareFolder } from "./work.ts";

/**
 * Gives a proven daily backup its place in the weekly and monthly tiers, where their slot is empty. Called after the proof; may be called
 * again. A copy is a hard link where the file system has them: a name of its own, deleted on its own, and no disk space.
 */
export async function keepInTiers(
  ctx: Context,
  record: BackupRecord,
  { directory, zone }: { directory: string; zone: string },
): Promise<BackupRecord[]> {
  const others = (await listBackups(directory, { database: record.database })).map(datedOf);
  const made: BackupRecord[] = [];
  for (const tier of slotsToFill(datedOf(record), others, zone)) made.push(await copyTo(ctx, record, tier, directory));
  return made;
}

async function copyTo(ctx: Context, { file, manifest, database }: BackupRecord, tier: Tier, directory: string): Promise<BackupRecord> {
  ctx.signal.throwIfAborted();
  const folder = tierFolder(directory, database, tier);
  await prepareFolder(directory, folder);
  const work = await openWorkplace(folder, manifest.app, tier, new Date(manifest.createdAt));
  try {
    await linkOrCopy(file, join(work.folder, "dump"), manifest.sha256);
    // What follows the id in a file's name says how it is packed.
    const its: Manifest = { ...manifest, id: work.id, tier, file: work.id + manifest.file.slice(manifest.id.length) };
    await publish(folder, work, its);
    return { id: work.id, database, tier, file: join(folder, its.file), manifest: its };
  } catch (cause) {
    if (cause instanceof AplomoError) throw cause;
    throw new AplomoError({ operation: "keep", subject: `${manifest.id} as ${tier} backup`, cause });
  } finally {
    await discard(folder, work);
  }
}

async function linkOrCopy(from: string, to: string, sha256: string): Promise<void> {
  try {
    await link(from, to);
    return;
  } catch (error) {
    // File systems without hard links say so in several ways; a file that is missing is missing for a copy too.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw error;
  }
  await copyFile(from, to);
  const copy = await open(to, "r+");
  try {
    await copy.sync();
  } finally {
    await copy.close();
  }
  if ((await sha256Of(to)).sha256 !== sha256)
    throw new AplomoError({
      operation: "copy",
      subject: from,
      cause: "the copy is not what its manifest says",
      hint: "Run aplomo backup verify.",
    });
}
