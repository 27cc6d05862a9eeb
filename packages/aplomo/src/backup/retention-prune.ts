import { readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { flushFolder } from "../host/files.ts";
import type { Context } from "../host/context.ts";
import { listBackups } from "./catalogue.ts";
import type { BackupRecord } from "./manifest.ts";
import { checksumName, manifestName } from "./names.ts";
import { planRetention, type RetentionOptions, type Verdict } from "./retention.ts";
import { datedOf, type Dated, type Keep } from "./tiers.ts";

/** A backup of this machine, for the plan. */
export type LocalDated = Dated & { record: BackupRecord };

/** What would go and what stays, and why. Touches nothing. */
export async function planPrune(
  directory: string,
  database: string,
  keep: Keep,
  options: RetentionOptions,
): Promise<Verdict<LocalDated>[]> {
  const records = await listBackups(directory, { database });
  return planRetention(
    records.map((record) => ({ ...datedOf(record), record })),
    keep,
    options,
  );
}

/** Carries a plan out, and finishes what an earlier run that was killed had begun. Tells the ids and the bytes that were in them. */
export async function prune(
  ctx: Context,
  directory: string,
  verdicts: readonly Verdict<LocalDated>[],
): Promise<{ deleted: string[]; bytes: number }> {
  const going = verdicts.filter(({ action }) => action === "delete").map(({ backup }) => backup.record);
  let bytes = 0;
  for (const { file, id, manifest } of going) {
    ctx.signal.throwIfAborted();
    const folder = dirname(file);
    // From here on it is no backup any more: one that lost its file but not its manifest would still look like one.
    await rename(join(folder, manifestName(id)), join(folder, removedName(id)));
    await flushFolder(folder);
    // A hard link in another tier keeps its bytes.
    if ((await stat(file)).nlink === 1) bytes += manifest.bytes.stored;
    await finish(folder, id);
  }
  for (const database of await names(directory))
    for (const tier of await names(join(directory, database))) {
      const folder = join(directory, database, tier);
      for (const name of await names(folder)) {
        const id = /^\.(.+)\.removed$/.exec(name)?.[1];
        if (id !== undefined) await finish(folder, id);
      }
    }
  return { deleted: going.map(({ id }) => id), bytes };
}

async function finish(folder: string, id: string): Promise<void> {
  const note = join(folder, removedName(id));
  const { file } = JSON.parse(await readFile(note, "utf8")) as { file: string };
  for (const name of [basename(file), checksumName(basename(file))]) await rm(join(folder, name), { force: true });
  await rm(note);
  await flushFolder(folder);
}

function removedName(id: string): string {
  return `.${id}.removed`;
}

async function names(path: string): Promise<string[]> {
  return readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
}
