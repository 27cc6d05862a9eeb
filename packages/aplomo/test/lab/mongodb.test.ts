import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { MongoClient } from "mongodb";
import { poll } from "../../src/base/time.ts";
import { databaseSuite, unique } from "../contract/database.suite.ts";
import { whyNoLab } from "../support/lab.ts";
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
  it("has a collection that no restore can rename left out, and not put into the live database", async (t) => {
    mongo = await startMongodb();
    const bench = await mongodbBench(byUrl);
    t.after(async () => {
      await bench.close();
      await mongo.stop();
    });
    const lines = bench.db.collection("two\nlines");
    await lines.insertMany([{ name: "x" }, { name: "y" }]);
    await bench.db.collection("people").insertOne({ name: "Ana" });
    await dumpInto(bench.database, "aplomo_copy_1");
    assert.deepEqual(await bench.database.counts("aplomo_copy_1"), { people: 1 });
    assert.deepEqual(await bench.database.counts(), { people: 1, "two\nlines": 2 });
    await bench.database.dropScratch("aplomo_copy_1");
  });
});
