import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { poll } from "../../src/base/time.ts";
import { composeFixture, docker, type ComposeFixture, type ComposeOptions } from "../support/compose.ts";
import { whyNoCompose } from "../support/lab.ts";

const settings = { databases: { main: { engine: "postgres", service: "db" } } };
const db = {
  image: "aplomo-lab/postgres",
  environment: { POSTGRES_PASSWORD: "not-a-real-one" },
  healthcheck: { test: ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", "postgres"], interval: "1s", retries: 60 },
};
const kept = { ...db, volumes: ["data:/var/lib/postgresql/data"] };

describe("data under compose", { skip: whyNoCompose("V2") ?? false }, () => {
  let fixture: ComposeFixture | undefined;
  afterEach(() => fixture?.close());
  const make = async (options: ComposeOptions): Promise<ComposeFixture> => {
    fixture = await composeFixture(options);
    await fixture.change({ version: "1", env: { TOKEN: "x" } });
    return fixture;
  };
  const said = async (app: ComposeFixture): Promise<string> =>
    (await app.open().inspect()).refusals.map(({ message }) => message).join("\n");

  test("a database is started and healthy, and never made anew: not by a changed definition, not by a release", async () => {
    const app = await make({ settings, services: { db: kept }, volumes: { data: null }, web: { depends_on: ["db"] } });
    const facts = await app.open().inspect();
    assert.deepEqual(facts.refusals, []);
    assert.deepEqual(facts.replaces, ["web"]);
    assert.deepEqual(facts.data, [`volume ${app.app}_data on db:/var/lib/postgresql/data`]);
    assert.deepEqual((await app.open().startData())["started"], ["db"]);
    const [id = ""] = await app.containers("db");
    assert.equal(await docker("inspect", "--format", "{{.State.Health.Status}}", id), "healthy");

    app.options.services = { db: { ...kept, shm_size: "96m" } };
    await app.change({ version: "1" });
    const again = await app.open().startData();
    assert.deepEqual(again["running"], ["db"]);
    assert.match(JSON.stringify(again["leftAsItIs"]), /db: its definition has changed/);
    const release = await app.release("r1");
    await app.open().stage(release);
    await app.open().start(release, null);
    assert.deepEqual(await app.containers("db"), [id]);
    assert.deepEqual(
      (await app.open().units()).map(({ service }) => service),
      ["web"],
    );

    await docker("stop", id);
    await app.open().startData();
    assert.deepEqual(await app.containers("db"), [id], "stopped and started, the same");
  });

  test("a database whose data would go with its container is refused (I20)", async () => {
    const app = await make({ settings, services: { db } });
    assert.match(await said(app), /data of db \(\/var\/lib\/postgresql\/data\) would not survive/);
    app.options.services = { db: { ...db, volumes: ["/var/lib/postgresql/data"] } };
    await app.change({ version: "1" });
    assert.match(await said(app), /anonymous volume/);
    app.options.services = {
      db: { ...db, environment: { ...db.environment, PGDATA: "/elsewhere/data" }, volumes: ["data:/var/lib/postgresql/data"] },
    };
    app.options.volumes = { data: null };
    await app.change({ version: "1" });
    assert.match(await said(app), /\/elsewhere\/data/);
    app.options.services = { db: { ...db, volumes: [`${app.home}/apps/db:/var/lib/postgresql/data`] } };
    await app.change({ version: "1" });
    assert.match(await said(app), /among releases that come and go/);
  });

  test("another project name, under which the database would begin empty, is refused", async () => {
    const app = await make({ settings, services: { db: kept }, volumes: { data: null } });
    await docker(
      "volume",
      "create",
      "--label",
      `com.docker.compose.project=${app.app}`,
      "--label",
      "com.docker.compose.volume=data",
      `${app.app}_data`,
    );
    assert.equal(await said(app), "");
    app.options.target = { project: `${app.app}-prod` };
    assert.match(await said(app), new RegExp(`${app.app}-prod_data does not exist, but ${app.app}_data`));
  });

  test("a database that runs on another volume, or another major version, than the files say is refused", async () => {
    const app = await make({ settings, services: { db: kept }, volumes: { data: null } });
    await app.open().startData();
    app.options.services = { db: { ...kept, image: "aplomo-test/postgres:99", volumes: ["other:/var/lib/postgresql/data"] } };
    app.options.volumes = { other: null };
    await app.change({ version: "1" });
    assert.match(await said(app), new RegExp(`keeps its data on ${app.app}_data, the compose files say ${app.app}_other`));
  });

  test("what a release needs in a rehearsal knows the copy where production's database is, not production", async () => {
    const cache = { image: "aplomo-lab/base", command: ["sleep", "600"], environment: { DATA: "postgres://prod/shop", MODE: "fast" } };
    const app = await make({ target: { services: ["web"] }, services: { cache }, web: { depends_on: ["cache"] } });
    const release = await app.release("r1");
    const target = app.open();
    await target.stage(release);
    const rehearsal = target.rehearsal;
    assert.ok(rehearsal);
    try {
      const rewriteBeside = (value: string): string => value.replace("/shop", "/copy");
      await rehearsal.open([release], { rewrite: (_name, value) => value, rewriteBeside, env: {}, folders: [], outside: true });
      const [id = ""] = (await docker("ps", "-q", "--filter", `name=aplomo-rehearsal-${app.app}`)).split("\n");
      const env = JSON.parse(await docker("inspect", "--format", "{{json .Config.Env}}", id)) as string[];
      assert.deepEqual(env.filter((one) => /^(DATA|MODE)=/.test(one)).toSorted(), ["DATA=postgres://prod/copy", "MODE=fast"]);
    } finally {
      await rehearsal.close();
    }
  });

  test("a build on the server (I5), a variable that is set nowhere (I18) and a one-shot service (I21) are refused", async () => {
    const app = await make({
      web: { environment: { SECRET_KEY: "${SECRET_KEY}" }, depends_on: { init: { condition: "service_completed_successfully" } } },
      services: {
        init: { image: "aplomo-lab/node", command: "true" },
        api: { build: ".", restart: "always" },
        jobs: { image: "aplomo-lab/node", command: ["node", "manage.js", "migrate"], restart: "always" },
        idle: { image: "aplomo-lab/node", command: ["sh", "-c", "node migrate.js && node server.js"], restart: "always" },
      },
    });
    const message = await said(app);
    assert.match(message, /api cannot be deployed: .* builds nothing on a server/);
    assert.match(message, /SECRET_KEY, which is not set anywhere/);
    assert.match(message, /init is a one-shot command/);
    assert.match(message, /main command of jobs looks like a one-shot/);
    assert.doesNotMatch(message, /idle/);
    await assert.rejects(app.open().stage(await app.release("r1")), /builds nothing/);
  });

  test("a service with `build` whose image is on the server is deployed from it, and nothing is built (I5)", async () => {
    const image = "aplomo-test/built-by-hand:latest";
    await docker("tag", "aplomo-lab/node:latest", image);
    try {
      // A build would fail: the folder has no Dockerfile.
      const app = await make({ services: { api: { build: "./nowhere", image, command: ["sleep", "600"], init: true } } });
      await app.change({ version: "1" });
      assert.equal(await said(app), "");
      const release = await app.release("r1");
      const { artifacts } = await app.open().stage(release);
      assert.equal(artifacts["api"], await docker("image", "inspect", "--format", "{{.Id}}", image));
      await app.open().start(release, null);
      const api = (await app.open().units()).find(({ service }) => service === "api");
      assert.equal(api?.state, "running");
    } finally {
      await docker("rmi", image);
    }
  });

  test("a container that ends with code 0 again and again is seen as such (I4)", async () => {
    const app = await make({});
    await app.change({ version: "1", behaviour: "exits" });
    const release = await app.release("r1");
    await app.open().stage(release);
    await app.open().start(release, null);
    const seen = await poll(async () => (await app.open().units()).find(({ restarts, exitCode }) => restarts > 0 && exitCode === 0), {
      limit: 30_000,
    });
    assert.ok(seen);
  });
});
