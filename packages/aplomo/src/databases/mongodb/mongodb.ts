import type { Db } from "mongodb";
import { AplomoError, UsageError } from "../../base/errors.ts";
import type { Config } from "../../config/config.ts";
import type { Context } from "../../host/context.ts";
import { isScratch, refuseOthers, type Database, type DatabaseFacts } from "../contract.ts";
import { markOf, shorten, writtenSince, type Short } from "../hashes.ts";
import { suffix } from "../names.ts";
import { oneNumber } from "../number.ts";
import { countParts, fingerprintOf } from "../schema.ts";
import { loadCommand, toolMessage, type Client } from "./client.ts";
import { allHashes, countDocuments, hashCollections, listNames, readColumns, readDocuments, readSchema } from "./collections.ts";
import { connect } from "./connect.ts";
import { askNumber } from "./number.ts";
import { markScratch } from "./scratch.ts";
import { withSession, type Session } from "./session.ts";
import { openSnapshot } from "./snapshot.ts";
import { swapDatabases } from "./swap.ts";

/** MongoDB, by its protocol, and its own mongodump and mongorestore. */
export function openMongodb(ctx: Context, config: Config, name: string): Database {
  const subject = `database ${name}`;
  let found: Promise<Reached> | undefined;
  // Kept while it answers: finding it costs several programs. `check` looks anew.
  const reach = (): Promise<Reached> =>
    (found ??= find(ctx, config, name).catch((error: unknown) => ((found = undefined), Promise.reject(error as Error))));

  async function within<T>(work: (session: Session, reached: Reached) => Promise<T>, by: Context = ctx): Promise<T> {
    const reached = await reach();
    try {
      return await withSession(by, reached.client, subject, (session) => work(session, reached));
    } catch (error) {
      // The container may have been made anew.
      found = undefined;
      throw error;
    }
  }
  const reading = <T>(scratch: string | undefined, work: (db: Db) => Promise<T>): Promise<T> =>
    within((session, { client, place }) => work(session.db(scratch === undefined ? client.database : place(scratch))));

  return {
    name,
    engine: "mongodb",
    capabilities: { sql: false, transactionalDdl: false, swapNeedsStop: true, extension: "archive", lockTimeoutEnv: () => ({}) },
    async check(): Promise<DatabaseFacts> {
      found = undefined;
      return within(async (session, { client }) => {
        const { server, sharded } = await readServer(session);
        if (sharded) {
          const hint = "Back it up with the tools of its operator.";
          throw new AplomoError({ operation: "use", subject, cause: "it is a sharded cluster, which Aplomo does not know", hint });
        }
        const { bytes } = await readSizes(session.db(client.database));
        return { server, tool: `mongodump ${client.tools} in ${client.where}`, bytes };
      });
    },
    snapshot: () =>
      within(async (session, { client }) =>
        openSnapshot(ctx, client, session, (await readSizes(session.db(client.database))).documents, subject),
      ),
    counts: (scratch) => reading(scratch, countDocuments),
    objects: async (scratch) => countParts(await reading(scratch, readSchema)),
    schema: (scratch) => reading(scratch, readSchema),
    columns: (scratch) => reading(scratch, readColumns),
    fingerprint: async (scratch) => fingerprintOf(await reading(scratch, readSchema)),
    checksums: (scratch) => reading(scratch, hashCollections),
    number: (query, scratch) => reading(scratch, async (db) => oneNumber(await askNumber(db, query, subject), query, subject)),
    read: (wanted, scratch) => reading(scratch, (db) => readDocuments(db, wanted)),
    apply: () =>
      Promise.reject(
        new UsageError({
          operation: "run SQL on",
          subject,
          cause: "MongoDB knows none",
          hint: "Write `migrate.run` with the command of your migrations.",
        }),
      ),
    async createScratch(scratch) {
      refuseOthers("create the scratch database", scratch);
      await within(async (session, { place }) => {
        const db = session.db(place(scratch));
        await db.dropDatabase();
        await markScratch(db, null);
      });
    },
    async loader(scratch) {
      refuseOthers("load", scratch);
      const { client, place } = await reach();
      return { kind: "program", command: loadCommand(client, place(scratch)), message: toolMessage };
    },
    async dropScratch(scratch) {
      refuseOthers("drop", scratch);
      // Also after Ctrl-C: what was made is taken away.
      const by = ctx.signal.aborted ? { ...ctx, signal: AbortSignal.timeout(60_000) } : ctx;
      await within((session, { place }) => session.db(place(scratch)).dropDatabase(), by);
    },
    place: async (scratch) => (await reach()).place(scratch),
    listScratch: () =>
      within(async (session, { end }) => {
        const { databases } = await session.admin({ listDatabases: 1, nameOnly: true });
        const names = (databases as { name: string }[])
          .filter((one) => one.name.endsWith(end))
          .map((one) => one.name.slice(0, -end.length));
        return names.filter(isScratch).sort();
      }),
    async swap(scratch, kept) {
      refuseOthers("swap", scratch);
      refuseOthers("keep the live database as", kept);
      await within((session, { client, place }) =>
        swapDatabases(ctx, client, session, { live: client.database, scratch: place(scratch), kept: place(kept) }, subject),
      );
    },
    mark: () =>
      reading(undefined, async (db) => {
        const shorts: [string, Short][] = [];
        for (const collection of await listNames(db)) shorts.push([collection, shorten(await allHashes(db, collection))]);
        return markOf(Object.fromEntries(shorts));
      }),
    writtenSince: (mark) =>
      reading(undefined, async (db) =>
        writtenSince(mark, await listNames(db), "MongoDB", async (collection, kind) => {
          const hashes = await allHashes(db, collection);
          return kind === "rows" ? { kind, values: hashes } : shorten(hashes, kind);
        }),
      ),
  };
}

interface Reached {
  client: Client;
  /** Ends the names of this database's scratch databases. */
  end: string;
  place: (scratch: string) => string;
}

async function find(ctx: Context, config: Config, name: string): Promise<Reached> {
  const client = await connect(ctx, config, name);
  const end = suffix(config.settings.app, client.database);
  return { client, end, place: (scratch) => `${scratch}${end}` };
}

/** What answers: MongoDB, or what speaks its protocol and says so. */
async function readServer(session: Session): Promise<{ server: string; sharded: boolean }> {
  const [info, hello] = [await session.admin({ buildInfo: 1 }), await session.admin({ hello: 1 })];
  const ferret = info["ferretdbVersion"];
  const server = typeof ferret === "string" ? `FerretDB ${ferret.replace(/^v/, "")}` : `MongoDB ${String(info["version"])}`;
  return { server, sharded: hello["msg"] === "isdbgrid" };
}

/** Bytes on the server's disk, and of the documents as a dump holds them. */
async function readSizes(db: Db): Promise<{ bytes: number; documents: number }> {
  const found = await db.command({ dbStats: 1 });
  const size = (key: string): number => Number(found[key] ?? 0);
  return { bytes: size("storageSize") + size("indexSize"), documents: size("dataSize") };
}
