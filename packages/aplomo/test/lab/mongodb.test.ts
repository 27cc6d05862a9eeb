import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { promisify } from "node:util";
import { MongoClient } from "mongodb";
import { poll } from "../../src/base/time.ts";
import { databaseSuite, unique } from "../contract/database.suite.ts";
import { whyNoLab } from "../support/lab.ts";
import { databaseElsewhere, runElsewhere, temporaryFolder } from "../support/bench.ts";
import { dumpInto } from "../support/dump.ts";
import { mongodbBench, mongodbDialect, type MongoServer } from "../support/mongodb-bench.ts";
import { password, startMongodb, whyNoMongodb, type Mongo } from "../support/mongodb.ts";

const run = promisify(execFile);
const skip = whyNoMongodb();
let mongo: Mongo;
const byUrl: MongoServer = {
  app: "probe",
  reached: (database) => mongo.url(database),
  settings: () => ({ engine: "mongodb", invariants: {} }),
  url: (database) => mongo.url(database),
};

databaseSuite({
  title: "MongoDB's protocol (FerretDB) by URL",
  skip,
  start: async () => void (mongo = await startMongodb()),
  stop: () => mongo.stop(),
  make: () => mongodbBench(byUrl),
  dialect: mongodbDialect,
  gap: true,
  swapMs: 1_400,
});

const project = unique("aplomo-test").replace("_", "-");
const container = `${project}-mongodb-1`;
let address = "";
const byService: MongoServer = {
  app: project,
  reached: (database) => `mongodb://root:${encodeURIComponent(password)}@${address}:27017/${database}?authSource=admin`,
  settings: (database) => ({ engine: "mongodb", service: "mongodb", name: database, invariants: {} }),
};

databaseSuite({
  title: "MongoDB's protocol (FerretDB) as a compose service",
  skip: whyNoLab() ?? skip,
  async start() {
    const labels = { project, service: "mongodb", oneoff: "False", "container-number": "1" };
    const flags = Object.entries(labels).flatMap(([label, value]) => ["--label", `com.docker.compose.${label}=${value}`]);
    const env = ["-e", "MONGO_INITDB_ROOT_USERNAME=root", "-e", `MONGO_INITDB_ROOT_PASSWORD=${password}`];
    await run("docker", ["run", "-d", "--name", container, ...flags, ...env, "aplomo-lab/mongodb"]);
    const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
    address = (await run("docker", ["inspect", "--format", format, container])).stdout.trim();
    const ready = async (): Promise<true | undefined> => {
      const client = new MongoClient(byService.reached("admin"), { serverSelectionTimeoutMS: 1_000 });
      const answer = await client
        .db("admin")
        .command({ ping: 1 })
        .catch(() => undefined);
      await client.close();
      return answer && true;
    };
    assert.ok(await poll(ready, { limit: 60_000, every: 200 }), "the server did not come up");
  },
  stop: async () => void (await run("docker", ["rm", "-f", "-v", container]).catch(() => {})),
  make: () => mongodbBench(byService),
  dialect: mongodbDialect,
  gap: true,
  swapMs: 1_400,
});

describe("a MongoDB database", { skip }, () => {
  async function fresh(t: TestContext): ReturnType<typeof mongodbBench> {
    mongo = await startMongodb();
    const bench = await mongodbBench(byUrl);
    t.after(async () => {
      await bench.close();
      await mongo.stop();
    });
    return bench;
  }

  it("has a collection that no restore can rename left out, and not put into the live database", async (t) => {
    const bench = await fresh(t);
    const lines = bench.db.collection("two\nlines");
    await lines.insertMany([{ name: "x" }, { name: "y" }]);
    await bench.db.collection("people").insertOne({ name: "Ana" });
    await dumpInto(bench.database, "aplomo_copy_1");
    assert.deepEqual(await bench.database.counts("aplomo_copy_1"), { people: 1 });
    assert.deepEqual(await bench.database.counts(), { people: 1, "two\nlines": 2 });
    await bench.database.dropScratch("aplomo_copy_1");
  });

  it("goes on with a swap that was broken off between two collections, and keeps what was written meanwhile", async (t) => {
    const bench = await fresh(t);
    const { db, database } = bench;
    const named = (name: string): { _id: never; name: string } => ({ _id: 1 as never, name });
    for (const name of ["a", "b", "c", "gone"]) await db.collection(name).insertOne(named("old"));
    await dumpInto(database, "aplomo_new_1");
    const scratch = db.client.db(await database.place("aplomo_new_1"));
    for (const name of ["a", "b", "c"]) await scratch.collection(name).updateOne({}, { $set: { name: "new" } });
    await scratch.collection("gone").drop();
    const [before, kept] = [await database.place("aplomo_new_1"), await database.place("aplomo_kept_1")];
    // As a power cut leaves it: everything ready and written down, the first collection exchanged, the third out of the way.
    for (const name of ["a", "b", "c"]) await db.collection(`aplomo_new_${name}`).insertOne(named("new"));
    await db.client
      .db(kept)
      .collection("aplomo_scratch")
      .insertOne({ _id: "scratch" as never, half: before });
    for (const name of ["a", "b", "c", "gone"]) await db.client.db(kept).collection(name).insertOne(named("old"));
    const plan = {
      live: bench.live,
      scratch: before,
      kept,
      fresh: ["a", "b", "c"],
      former: ["a", "b", "c", "gone"],
      formerViews: [],
      views: [],
    };
    await db.collection("aplomo_swap").insertOne({ _id: "swap" as never, text: JSON.stringify(plan) });
    await db.dropCollection("a");
    await db.renameCollection("aplomo_new_a", "a");
    await db.renameCollection("c", "aplomo_old_c");
    await db.collection("c").insertOne({ _id: 2 as never, name: "late" });
    assert.deepEqual(await database.counts(), { a: 1, b: 1, c: 1, gone: 1 });
    await db.collection("b").insertOne({ _id: 2 as never, name: "late" });
    await db.collection("gone").insertOne({ _id: 2 as never, name: "late" });
    await bench.reopen().swap("aplomo_new_1", "aplomo_kept_1");
    assert.deepEqual(await database.counts(), { a: 1, b: 1, c: 1 });
    for (const name of ["a", "b", "c"]) assert.equal((await db.collection(name).findOne())?.["name"], "new");
    assert.deepEqual(await database.counts("aplomo_kept_1"), { a: 1, b: 2, c: 1, gone: 2, meanwhile_c: 1 });
    assert.deepEqual(await database.listScratch(), ["aplomo_kept_1"]);
    assert.deepEqual((await db.listCollections().toArray()).map(({ name }) => name).toSorted(), ["a", "b", "c"]);
  });

  it("lets its process end when the server answers nothing", async (t) => {
    const [folder, mute] = [await temporaryFolder("mongodb-mute"), createServer().listen(0, "127.0.0.1")];
    t.after(async () => {
      mute.close();
      await folder.remove();
    });
    await once(mute, "listening");
    const url = `mongodb://127.0.0.1:${(mute.address() as AddressInfo).port}/app`;
    const open = databaseElsewhere("probe", folder.path, { engine: "mongodb", invariants: {} }, url);
    // As a command does it: nothing but what is left open could keep the process.
    const asking = `await db.counts().catch((error) => { process.stderr.write(error.message); process.exitCode = 3; });`;
    const { code, said } = await runElsewhere(`${open}\n${asking}`, 60_000);
    assert.deepEqual([code, /could not ask database app/.test(said)], [3, true], said);
  });

  it("tells a backup that found no moment without writers", async (t) => {
    const bench = await fresh(t);
    await bench.db.collection("still").insertOne({ name: "x" });
    const writers = await bench.write();
    const snapshot = await bench.database.snapshot();
    await writers.stop();
    assert.deepEqual(snapshot.torn?.(), ["busy"]);
    await snapshot.close();
    const quiet = await bench.database.snapshot();
    assert.deepEqual(quiet.torn?.(), []);
    await quiet.close();
  });
});
