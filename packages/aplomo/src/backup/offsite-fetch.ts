import { join } from "node:path";
import { UsageError } from "../base/errors.ts";
import type { Context } from "../host/context.ts";
import { again, type Persistence } from "../stores/again.ts";
import { contentOf } from "../stores/content.ts";
import { StoreError, type Store } from "../stores/contract.ts";
import { get } from "../stores/get.ts";
import { newest, type Latest } from "./latest.ts";
import type { BackupRecord } from "./manifest.ts";
import { tierFolder } from "./names.ts";
import { filesOf, takeInventory, type Copy, type Place } from "./offsite-inventory.ts";
import { publish } from "./publish.ts";
import { discard, openWorkplace, prepareFolder } from "./work.ts";

/** The backups of a database that a store holds, newest first. */
export async function listCopies(ctx: Context, store: Store, place: Place, persistence?: Persistence): Promise<Copy[]> {
  const { copies } = await takeInventory(ctx, store, place, [], persistence);
  return copies.toSorted((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1));
}

/** Brings a backup back to this machine, by its id or `latest`, to be restored from there. It is a backup here once all of it arrived and is right. */
export async function fetchBackup(
  ctx: Context,
  store: Store,
  place: Place & { directory: string },
  id: string,
  latest: Latest = newest,
  persistence?: Persistence,
): Promise<BackupRecord> {
  const copies = await listCopies(ctx, store, place, persistence);
  const found = id === "latest" ? latest(copies) : copies.find((copy) => copy.id === id);
  if (!found) {
    const recent = copies.slice(0, 3).map((copy) => copy.id);
    const hint = recent.length > 0 ? `The newest: ${recent.join(", ")}.` : "Check bucket, prefix or directory.";
    throw new UsageError({ operation: "find the backup", subject: id, cause: `${store.name} has none of this name`, hint });
  }
  const { directory, app, database } = place;
  const { tier, at } = found;
  const folder = tierFolder(directory, database, tier);
  await prepareFolder(directory, folder);
  // A new id where the old one is taken: what is here stays.
  const work = await openWorkplace(folder, app, tier, at);
  try {
    const manifest = { ...found.manifest, id: work.id, tier, file: work.id + found.manifest.file.slice(found.id.length) };
    const content = { sha256: manifest.sha256, bytes: manifest.bytes.stored };
    await get(ctx.signal, store, filesOf(place, { ...found.manifest, tier })[0], join(work.folder, "dump"), content, persistence);
    await publish(folder, work, manifest);
    return { id: work.id, database, tier, file: join(folder, manifest.file), manifest };
  } finally {
    await discard(folder, work);
  }
}

/** Reads every copy that a store holds of a database and compares it with its manifest. Gives what is wrong, by id; empty when nothing is. */
export async function checkCopies(ctx: Context, store: Store, place: Place, persistence?: Persistence): Promise<Record<string, string>> {
  const wrong: Record<string, string> = {};
  for (const { id, tier, manifest } of await listCopies(ctx, store, place, persistence)) {
    try {
      const read = (): ReturnType<typeof contentOf> => contentOf(store.read(filesOf(place, { ...manifest, tier })[0]));
      const { sha256 } = await again(ctx.signal, read, persistence);
      if (sha256 !== manifest.sha256) wrong[id] = "its SHA-256 is not the one in its manifest";
    } catch (error) {
      // A store that cannot be reached says nothing about its copies.
      if (!(error instanceof StoreError) || error.problem !== "missing") throw error;
      wrong[id] = "its file is gone";
    }
  }
  return wrong;
}
