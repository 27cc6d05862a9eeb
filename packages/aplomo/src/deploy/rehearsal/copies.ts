import { AplomoError } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import { findBackup } from "../../backup/catalogue.ts";
import { dropQuietly, restoreInto } from "../../backup/load.ts";
import { openerFor } from "../../backup/server-key.ts";
import { noteRestored } from "../../backup/prove.ts";
import { restoreBackup } from "../../backup/restore.ts";
import { openDatabase } from "../../databases/index.ts";
import { scratchName, type Database } from "../../databases/contract.ts";
import type { Config } from "../../config/config.ts";
import type { Room } from "../../targets/rehearsal.ts";
import type { Work } from "../step.ts";

/** Milliseconds a fresh server is waited for. */
const bootLimit = 120_000;

const purpose = "rehearsal";

/** The name of the copy beside the live database. */
export function copyName(work: Work): string {
  return scratchName(purpose, work.facts.deployment);
}

/** Whether the target's room has a server of this database's own. */
export function livesInRoom(config: Config, database: string): boolean {
  const settings = config.settings.databases[database];
  return settings?.service !== undefined;
}

/** Restores the backup taken a moment ago; what it gives back reads and counts the copy, and can touch nothing else. */
export async function makeCopy(work: Work, live: Database, room: Room): Promise<Database> {
  const taken = work.evidenceOf(`protect.backup.${live.name}`)?.["backup"];
  if (typeof taken !== "string") throw new Error(`no backup of ${live.name} was taken`);
  const record = await findBackup(work.paths.backups, live.name, taken);
  // The deploy took it a moment ago, so that this machine opens it.
  const open = await openerFor(work.paths.root, record);
  const began = performance.now();
  const proven = (server: string): Promise<void> =>
    noteRestored(work.ctx, record, { server, durationMs: Math.round(performance.now() - began), for: purpose });
  if (room.config && livesInRoom(work.config, live.name)) {
    const copy = openDatabase(work.ctx, room.config, live.name);
    const answers = await poll(() => copy.check().catch(() => undefined), { limit: bootLimit, every: 300, signal: work.ctx.signal });
    const { server } = answers ?? (await copy.check());
    await copy.makeRoles?.((await live.roles?.()) ?? []);
    // An empty server's own database becomes the copy, under the name that the application knows.
    const { readsDifferently } = await restoreBackup(work.ctx, copy, record, { kept: scratchName("kept", "rehearsal"), open });
    if (readsDifferently === undefined) await proven(server);
    return copy;
  }
  const scratch = copyName(work);
  const { data, schema } = await restoreInto(work.ctx, live, record, scratch, open);
  if (data.length > 0) {
    throw new AplomoError({ operation: "restore for the rehearsal", subject: record.id, cause: data.slice(0, 3).join("; ") });
  }
  // On the server that it is of.
  if (schema.length === 0) await proven(record.manifest.server);
  return bound(live, scratch);
}

/** The copies beside live databases that any rehearsal has left. */
export async function dropCopies(work: Work): Promise<void> {
  for (const database of work.databases) {
    const left = await database.listScratch().catch(() => []);
    for (const name of left.filter((one) => [purpose, "drift"].some((kind) => one.startsWith(scratchName(kind, "")))))
      await dropQuietly(work.ctx, database, name);
  }
}

/** The driver with every question asked of the scratch database; what acts on the live one is not there. */
function bound(database: Database, scratch: string): Database {
  const never = (): never => {
    throw new Error(`a rehearsal's copy of ${database.name} has no live database`);
  };
  return {
    ...database,
    counts: () => database.counts(scratch),
    objects: () => database.objects(scratch),
    columns: () => database.columns(scratch),
    watchLocks: () => database.watchLocks?.(scratch) ?? { stop: async () => [] },
    schema: () => database.schema(scratch),
    fingerprint: () => database.fingerprint(scratch),
    checksums: () => database.checksums(scratch),
    number: (query) => database.number(query, scratch),
    read: (wanted) => database.read(wanted, scratch),
    apply: (texts, options) => database.apply(texts, options, scratch),
    snapshot: never,
    swap: never,
    makeRoles: never,
    mark: never,
    writtenSince: never,
  };
}
