import { BSON, MongoClient, type Db, type Document } from "mongodb";
import { Secret } from "../../src/base/secret.ts";
import type { DatabaseSettings } from "../../src/config/schema.ts";
import type { Database } from "../../src/databases/contract.ts";
import { openDatabase } from "../../src/databases/index.ts";
import { unique, type Bench, type Change, type Dialect } from "../contract/database.suite.ts";
import { databaseElsewhere, runElsewhere, temporaryFolder, testConfig, testContext } from "./bench.ts";

/** How a test reaches a server: its own way, beside the driver's. */
export interface MongoServer {
  /** The project of a compose service, else any name. */
  app: string;
  /** Where the test reaches it. */
  reached(database: string): string;
  /** What stands in aplomo.yml. */
  settings(database: string): Partial<DatabaseSettings>;
  url?(database: string): string;
}

const { EJSON } = BSON;

/** Commands in Extended JSON, one after the other: what stands for SQL here. */
async function run(db: Db, text: string): Promise<void> {
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const answer = (await db.command(EJSON.parse(line) as Document)) as { writeErrors?: { errmsg: string }[] };
    const [failed] = answer.writeErrors ?? [];
    if (failed) throw new Error(failed.errmsg);
  }
}

export async function mongodbBench(server: MongoServer): Promise<Bench & { live: string; db: Db }> {
  const live = unique("app");
  const folder = await temporaryFolder("mongodb-home");
  const client = await new MongoClient(server.reached(live)).connect();
  const made = [live];
  const settings = (database: string): Partial<DatabaseSettings> =>
    server.url ? { ...server.settings(database), url: new Secret(server.url(database)) } : server.settings(database);
  const open = (database: string): Database =>
    openDatabase(testContext(folder.path), testConfig(server.app, folder.path, { app: settings(database) }), "app");
  const database = open(live);
  return {
    live,
    db: client.db(live),
    database,
    reopen: () => open(live),
    neighbour() {
      const name = unique("other");
      made.push(name);
      return Promise.resolve(open(name));
    },
    sql: (text) => run(client.db(live), text),
    sqlIn: async (scratch, text) => run(client.db(await database.place(scratch)), text),
    async write() {
      const busy = client.db(live).collection("busy");
      let over = false;
      const loop = async (start: number): Promise<void> => {
        for (let at = start; !over; at += 2) {
          await busy.insertOne({ _id: at as never, name: "x" });
          if (at % 3 === 0) await busy.deleteOne({});
        }
      };
      const writers = [loop(1), loop(2)];
      while ((await busy.countDocuments()) < 20);
      return {
        async stop() {
          over = true;
          await Promise.all(writers);
        },
      };
    },
    async swapAndDie(scratch, kept, afterMs) {
      const code = databaseElsewhere(server.app, folder.path, server.settings(live), server.url?.(live));
      await runElsewhere(`${code}\nawait db.swap(${JSON.stringify(scratch)}, ${JSON.stringify(kept)});`, afterMs);
    },
    leftovers: () => database.listScratch(),
    async close() {
      try {
        for (const name of made) {
          const theirs = open(name);
          for (const scratch of await theirs.listScratch()) await theirs.dropScratch(scratch);
          await client.db(name).dropDatabase();
        }
      } finally {
        await client.close();
        await folder.remove();
      }
    },
  };
}

/** `id` is what a collection keys by. */
const documentOf = ([id, name]: readonly [number, string | null]): Document => ({ _id: id, id, name });

function say(change: Change): Document {
  if ("create" in change) return { create: change.create };
  if ("drop" in change) return { drop: change.drop };
  if ("read" in change) return { count: change.read };
  if ("update" in change) return { update: change.update, updates: [{ q: { _id: change.id }, u: { $set: { name: change.name } } }] };
  if ("delete" in change) return { delete: change.delete, deletes: [{ q: change.ids ? { _id: { $in: change.ids } } : {}, limit: 0 }] };
  return { insert: change.insert, documents: change.rows.map(documentOf) };
}

const commands = (...all: Document[]): string => all.map((one) => EJSON.stringify(one, { relaxed: false })).join("\n");
const insert = (into: string, ...documents: Document[]): Document => ({ insert: into, documents });
const index = (on: string, key: Document, more: Document = {}): Document => ({
  createIndexes: on,
  indexes: [{ key, name: Object.keys(key).join("_"), ...more }],
});
const everyByte = Buffer.from(Array.from({ length: 102_400 }, (_, at) => at % 256));

/** Of what FerretDB 1.24 knows: neither views nor validators, partial or text indexes, Decimal128, code, or names with double quotes. */
export const mongodbDialect: Dialect = {
  say: (changes) => commands(...changes.map(say)),
  big: (rows, length) =>
    commands(
      ...Array.from({ length: rows }, (_, at) =>
        insert("big", { _id: at + 1, t: "añb'\\\"".repeat(length / 6), b: new BSON.Binary(everyByte) }),
      ),
    ),
  grow: commands({ update: "big", updates: [{ q: { _id: 1 }, u: { $set: { t: "x" } } }] }),
  numbers: {
    good: [
      ['{ "count": "people", "query": { "name": { "$ne": null } } }', 2],
      ['{ "aggregate": "people", "pipeline": [{ "$group": { "_id": null, "sum": { "$sum": "$id" } } }] }', 6],
    ],
    bad: [
      '{ "aggregate": "people", "pipeline": [] }',
      '{ "aggregate": "people", "pipeline": [{ "$match": { "id": 1 } }, { "$project": { "name": 1 } }] }',
      '{ "aggregate": "people", "pipeline": [{ "$match": { "id": 9 } }] }',
      '{ "aggregate": "people", "pipeline": [{ "$out": "nowhere" }] }',
      '{ "drop": "people" }',
      "SELECT 1",
    ],
    nowhere: '{ "count": "nowhere" }',
  },
  everyType: commands(
    insert(
      "typed",
      { _id: 1 },
      {
        _id: 2,
        a: new BSON.Double(0.1 + 0.2),
        b: new BSON.Double(-0),
        c: new BSON.Double(1.7976931348623157e308),
        d: new BSON.Double(5e-324),
      },
      { _id: 3, a: new BSON.Int32(-2147483648), b: BSON.Long.MAX_VALUE, c: BSON.Long.MIN_VALUE, d: true, e: false, f: null },
      { _id: 4, a: "", b: "a\u0000b", c: "ñ数😀\n", d: { x: { y: [] } }, e: [1, "1", { z: null }], f: {} },
      { _id: 5, a: new BSON.ObjectId("507f1f77bcf86cd799439011"), b: new Date(0), c: new Date(8.64e15), d: new Date(-1) },
      {
        _id: 6,
        a: new BSON.BSONRegExp("^a.*b$", "im"),
        b: new BSON.Timestamp({ t: 4_294_967_295, i: 1 }),
        c: new BSON.Binary(Buffer.alloc(0)),
      },
      {
        _id: 7,
        a: new BSON.Binary(Buffer.from("00ff275c0a", "hex"), 0),
        b: new BSON.Binary(Buffer.alloc(16, 7), 4),
        c: new BSON.Binary(Buffer.from("x"), 128),
      },
      { _id: "text" },
      { _id: new BSON.ObjectId("607f1f77bcf86cd799439011") },
      { _id: { a: 1, b: "2" } },
    ),
  ),
  strangeNames: {
    sql: commands(
      insert("a 'b' `c`", { _id: 1, "x y": 1 }, { _id: 2, "sel'ect": { ü: 1 } }),
      insert("select", { _id: 1 }),
      insert("año 'ñ' 数据", { _id: 1 }),
      insert("audit.log.2026", { _id: 1 }),
      insert("-- Dump completed", { _id: 1 }),
      { create: "*.*" },
    ),
    counts: { "a 'b' `c`": 2, select: 1, "año 'ñ' 数据": 1, "audit.log.2026": 1, "-- Dump completed": 1, "*.*": 0 },
  },
  objects: commands(
    insert("people", { _id: 1, id: 1, name: "Ana", email: "a@b" }),
    insert("pets", { _id: 1, owner: 1, name: "a" }),
    { create: "late", capped: true, size: 1_048_576 },
    index("people", { email: 1 }, { unique: true }),
    index("people", { name: 1, email: -1 }),
    index("pets", { "owner.address": 1 }),
  ),
  schemaChanges: {
    "a collection": commands({ create: "another" }),
    "a collection gone": commands({ drop: "another" }),
    "an index": commands(index("pets", { name: 1 })),
    "an index's direction": commands({ dropIndexes: "pets", index: "name" }, index("pets", { name: -1 })),
    "an index that must be unique": commands({ dropIndexes: "pets", index: "name" }, index("pets", { name: -1 }, { unique: true })),
    "an index gone": commands({ dropIndexes: "people", index: "name_email" }),
    "the order of an index's fields": commands(index("people", { email: -1, name: 1 }, { name: "name_email" })),
    "a limit": commands({ drop: "late" }, { create: "late", capped: true, size: 2_097_152 }),
  },
};
