import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { MongoClient } from "mongodb";
import { poll } from "../../src/base/time.ts";
import { databaseSuite, unique } from "../contract/database.suite.ts";
import { whyNoLab } from "../support/lab.ts";
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
});
