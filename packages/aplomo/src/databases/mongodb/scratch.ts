import type { Db, Document } from "mongodb";
import { marker } from "./collections.ts";

type Marked = Document & { _id: string };

/** A database exists as soon as something is in it: an empty one of ours holds this. `half`: the database whose place its content makes free, until that is done. */
export async function markScratch(db: Db, half: string | null): Promise<void> {
  const found = await isMarked(db);
  if (found !== true && half !== null) await db.dropDatabase();
  await db.collection<Marked>(marker).replaceOne({ _id: "scratch" }, { half }, { upsert: true });
}

/** False: there is no such database of ours; `half`: a crash left it half-way. */
export async function isMarked(db: Db): Promise<boolean | "half"> {
  const found = await db.collection<Marked>(marker).findOne({ _id: "scratch" });
  if (!found) return false;
  return found["half"] === null ? true : "half";
}
