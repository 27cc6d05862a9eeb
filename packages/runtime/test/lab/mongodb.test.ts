// The seed and the check through MongoDB's own driver, on a real server that speaks its protocol (FerretDB, which knows no transactions).
import assert from "node:assert/strict";
import { test } from "node:test";
import { MongoClient } from "mongodb";
import { startMongodb, whyNoMongodb } from "../../../aplomo/test/support/mongodb.ts";
import { mongodb as check } from "../../src/checks/index.ts";
import { mongodb, seed, type Ensure, type SeedSummary } from "../../src/seed/index.ts";

test(
  "MongoDB: seeded once, found again, left alone when a person changed it; and asked whether it works",
  { skip: whyNoMongodb() },
  async (t) => {
    const server = await startMongodb();
    const client = new MongoClient(server.url("clinic"), { serverSelectionTimeoutMS: 5_000 });
    t.after(async () => {
      await client.close();
      await server.stop();
    });
    const work = async (ensure: Ensure): Promise<void> => {
      const clinic = await ensure("clinics", { by: "slug" }, { slug: "central", name: "Central", opened: new Date(0), active: true });
      await ensure("rooms", { by: ["clinic", "name"] }, { clinic: clinic["_id"], name: "1" });
    };
    const run = async (): Promise<number[]> => {
      const { created, present, changed }: SeedSummary = await seed(mongodb(client, { transactions: false }), work, {
        log: () => undefined,
      });
      return [created, present, changed];
    };
    const { signal } = new AbortController();
    await check(client).ask(signal);
    assert.deepEqual(await run(), [2, 0, 0]);
    assert.deepEqual(await run(), [0, 2, 0]);
    await client
      .db()
      .collection("clinics")
      .updateOne({}, { $set: { name: "The Central" } });
    assert.deepEqual(await run(), [0, 1, 1]);
    assert.equal((await client.db().collection("clinics").findOne())?.["name"], "The Central");
    assert.equal(await client.db().collection("rooms").countDocuments(), 1);
    await server.stop();
    await assert.rejects(Promise.resolve(check(client).ask(signal)));
  },
);
