import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";
import { MongoClient } from "mongodb";
import { stringify } from "yaml";
import { aplomo, failureOf, finishedOf, type AgendaRig, type Run } from "../../support/agenda.ts";
import { buildFixture, composeFixture, docker, textOf } from "../../support/compose.ts";
import { whyNoCompose } from "../../support/lab.ts";
import { whyNoMongodb } from "../../support/mongodb.ts";
import { root } from "../../support/root.ts";

const password = "a-planted_password-7d20";
const first = `await people.insertMany([{ _id: 1, name: "Ana" }, { _id: 2, name: "Beto" }]); await people.createIndex({ name: 1 }, { unique: true });
await db.collection("pets").insertOne({ owner: 1 });`;
/** What it did stays when it fails. */
const half = `await people.updateMany({}, { $set: { nick: "x" } }); await people.dropIndexes(); await db.collection("pets").drop();
await people.insertOne({ _id: 9, name: "made by the migration" }); await db.collection("extra").insertOne({});`;

/** The fixture with a migration of its own and MongoDB's driver in one file. */
async function buildImage(app: string, version: string, migration: string): Promise<string> {
  const base = await buildFixture(version);
  const folder = await mkdtemp(join(tmpdir(), "aplomo-mongo-image-"));
  try {
    await mkdir(join(folder, "migrations"));
    const contents = `import { MongoClient } from "mongodb";
      const client = new MongoClient(process.env.MONGODB_URL);
      const migrate = async (db, people) => { ${migration} };
      migrate(client.db(), client.db().collection("people")).then(() => client.close(), (error) => { console.error(error.message); process.exit(1); });`;
    await build({
      stdin: { contents, resolveDir: join(root, "packages/aplomo") },
      bundle: true,
      platform: "node",
      outfile: join(folder, "migrations/change.cjs"),
      logLevel: "error",
    });
    await writeFile(join(folder, "Dockerfile"), `FROM ${base}\nRUN rm -rf migrations\nCOPY migrations ./migrations\n`);
    const tag = `aplomo-test/${app}:v${version}`;
    await docker("build", "--quiet", "--tag", tag, folder);
    return tag;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const skip = whyNoCompose("V2") ?? whyNoMongodb();

describe("an app on MongoDB's protocol (FerretDB) under compose", { skip }, () => {
  test("whose migration fails half-way has its data back, and whose data is restored can have that undone", async (t) => {
    const app = await composeFixture({ volumes: { data: null } });
    const images: string[] = [];
    let client: MongoClient | undefined;
    t.after(async () => {
      await client?.close();
      await app.close();
      for (const image of images) await docker("rmi", "--force", image).catch(() => "");
    });
    const rig = { folder: app.folder, env: { ...process.env, APLOMO_HOME: app.home } } as unknown as AgendaRig;
    const mongodb = {
      image: "aplomo-lab/mongodb",
      env_file: ["app.env"],
      volumes: ["data:/data/db"],
      healthcheck: { test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/27017"], interval: "1s", retries: 60 },
    };
    const release = async (version: string, migration: string): Promise<void> => {
      const image = await buildImage(app.app, version, migration);
      images.push(image);
      app.options.services = { mongodb };
      app.options.web = { image, depends_on: { mongodb: { condition: "service_healthy" } } };
      const url = `mongodb://root:${password}@mongodb:27017/shop?authSource=admin`;
      await app.change({ version, env: { MONGO_INITDB_ROOT_USERNAME: "root", MONGO_INITDB_ROOT_PASSWORD: password, MONGODB_URL: url } });
    };
    await writeFile(
      join(app.folder, "aplomo.yml"),
      stringify({
        app: app.app,
        target: { kind: "compose", files: ["compose.yml"], services: ["web"] },
        env: { file: "app.env", require: { MONGO_INITDB_ROOT_PASSWORD: { secret: true } } },
        databases: {
          shop: {
            engine: "mongodb",
            service: "mongodb",
            name: "shop",
            invariants: {
              people: { never_falls: true },
              named: { at_least: 2, query: '{ "count": "people", "query": { "name": { "$$ne": null } } }' },
            },
          },
        },
        migrate: { service: "web", run: ["node", "migrations/change.cjs"], database: "shop", files: "migrations" },
        health: { service: "web", port: 3000, path: "/", public: [`${app.url}/`], within: "30s", watch: "2s" },
      }),
    );
    const good = async (...args: string[]): Promise<Run> => {
      const ended = await aplomo(rig, ...args);
      assert.equal(ended.code, 0, ended.output.slice(-3_000));
      assert.doesNotMatch(ended.output, new RegExp(password));
      return ended;
    };

    await release("1", first);
    await good("deploy");
    const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
    const address = await docker("inspect", "--format", format, `${app.app}-mongodb-1`);
    client = await new MongoClient(`mongodb://root:${password}@${address}/shop?authSource=admin`).connect();
    const shop = client.db();
    const state = async (): Promise<unknown[]> => [
      (await shop.listCollections().toArray()).map(({ name }) => name).toSorted(),
      await shop.collection("people").find().toArray(),
      (await shop.collection("people").listIndexes().toArray()).map(({ name }) => String(name)),
      await shop.collection("pets").find().toArray(),
    ];
    await shop.collection("people").insertOne({ _id: 3 as never, name: "Cleo" });
    const before = await state();
    assert.deepEqual([before[0], (before[1] as unknown[]).length, before[2]], [["people", "pets"], 3, ["_id_", "name_1"]]);

    await release("2", `${half} throw new Error("half-way");`);
    const refused = await aplomo(rig, "deploy");
    assert.deepEqual(
      [refused.code, finishedOf(refused).outcome, failureOf(refused).step],
      [1, "refused", "rehearse.release"],
      refused.output.slice(-3_000),
    );
    assert.deepEqual(await state(), before);
    const failed = await aplomo(rig, "deploy", "--no-rehearsal");
    assert.equal(failed.code, 1, failed.output.slice(-3_000));
    assert.match(JSON.stringify(failureOf(failed)), /half-way/);
    assert.deepEqual([finishedOf(failed).outcome, await textOf(`${app.url}/`)], ["undone", "1"]);
    assert.deepEqual(await state(), before);

    // The command line as it is shipped, whose bundle has the driver in a file of its own.
    const bundled = [join(root, "packages/aplomo/dist/aplomo.js"), "backup", "run", "--manual"];
    await promisify(execFile)(process.execPath, bundled, { cwd: app.folder, env: rig.env });
    await shop.collection("people").deleteMany({ _id: { $ne: 3 as never } });
    const later = await state();
    await good("backup", "restore", "latest", "--to", "look");
    await good("backup", "restore", "latest", "--yes");
    assert.deepEqual(await state(), before);
    await good("backup", "restore", "--undo", "--yes");
    assert.deepEqual(await state(), later);
    await good("backup", "verify");
    assert.match((await good("backup", "list")).output, /manual/);
  });
});
