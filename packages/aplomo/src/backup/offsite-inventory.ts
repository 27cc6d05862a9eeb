import type { Context } from "../host/context.ts";
import { again, type Persistence } from "../stores/again.ts";
import type { Entry, Store } from "../stores/contract.ts";
import { readText } from "../stores/get.ts";
import { parseManifest, type Manifest } from "./manifest.ts";
import { checksumName, manifestName } from "./names.ts";
import { datedOf, type Dated } from "./tiers.ts";

/** Where a store has the backups of one database. */
export interface Place {
  app: string;
  database: string;
}

/** A backup that a store holds. */
export interface Copy extends Dated {
  manifest: Manifest;
  /** The manifest as it stands there. */
  text: string;
}

export interface Inventory {
  copies: Copy[];
  /** Files that belong to no backup: left by a run that was killed while it brought or removed one. */
  orphans: Entry[];
}

/** The tiers there are; a store may hold some that are no more on this machine. */
const folders = ["daily", "weekly", "monthly", "deploy", "manual"];

export function folderOf({ app, database }: Place, tier: string): string {
  return `${app}/${database}/${tier}`;
}

/** The names of a backup's three files, in the order they are brought; they are removed in the opposite one. */
export function filesOf(
  place: Place,
  { id, tier, file }: Pick<Manifest, "id" | "tier" | "file">,
): [dump: string, sum: string, manifest: string] {
  const folder = folderOf(place, tier);
  return [`${folder}/${file}`, `${folder}/${checksumName(file)}`, `${folder}/${manifestName(id)}`];
}

/** Everything a store holds of a database. A backup counts when its manifest is there, and its file with the length that says. */
export async function takeInventory(
  ctx: Context,
  store: Store,
  place: Place,
  more: readonly string[],
  persistence?: Persistence,
): Promise<Inventory> {
  const copies: Copy[] = [];
  const orphans: Entry[] = [];
  for (const tier of new Set([...folders, ...more])) {
    const entries = await again(ctx.signal, () => store.list(folderOf(place, tier)), persistence);
    const used = new Set<string>();
    for (const { name } of entries.filter((entry) => entry.name.endsWith(manifestName("")))) {
      const text = await readText(ctx.signal, store, name, persistence);
      const manifest = parseManifest(text);
      if (!manifest || manifest.file.includes("/") || filesOf(place, { ...manifest, tier })[2] !== name) continue;
      const [dump, sum] = filesOf(place, { ...manifest, tier });
      used.add(name).add(sum);
      if (!entries.some((entry) => entry.name === dump && entry.bytes === manifest.bytes.stored)) continue;
      used.add(dump);
      copies.push({ ...datedOf({ id: manifest.id, tier, manifest }), manifest, text });
    }
    orphans.push(...entries.filter((entry) => !used.has(entry.name) && isOurs(entry.name, place)));
  }
  return { copies, orphans };
}

/** Only what has a name as we give it is ever removed. */
function isOurs(name: string, { app }: Place): boolean {
  return new RegExp(`/${app}_[a-z]+_\\d{8}_\\d{6}(?:_\\d+)?\\.[^/]+$`).test(name);
}
