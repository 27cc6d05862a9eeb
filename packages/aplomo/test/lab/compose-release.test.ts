import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, test } from "node:test";
import { poll } from "../../src/base/time.ts";
import { answerOf, composeFixture, docker, type ComposeFixture, type ComposeOptions } from "../support/compose.ts";
import { whyNoCompose } from "../support/lab.ts";

describe("releases under compose", { skip: whyNoCompose("V2") ?? false }, () => {
  let fixture: ComposeFixture | undefined;
  afterEach(() => fixture?.close());
  const make = async (options: ComposeOptions = {}): Promise<ComposeFixture> => (fixture = await composeFixture(options));

  test("a value with $ in it reaches the container as it is, by whatever way it goes there", async () => {
    const value = "p$w$$d${HOME}$";
    const app = await make({
      web: { environment: { MERGED: "<${TOKEN}>", WRITTEN: "a$$b" }, command: ["node", "server.mjs", "$$literal"] },
    });
    await app.change({ version: "1", env: { TOKEN: value } });
    const target = app.open();
    assert.deepEqual((await target.inspect()).refusals, []);
    const release = await app.release("r1");
    await target.stage(release);
    await target.start(release, null);
    assert.equal(await answerOf(`${app.url}/env/TOKEN`), value);
    assert.equal(await answerOf(`${app.url}/env/MERGED`), `<${value}>`);
    assert.equal(await answerOf(`${app.url}/env/WRITTEN`), "a$b");
    const [unit] = await target.units();
    assert.ok(unit);
    assert.deepEqual(await target.differences(unit, release), []);
    assert.match(await docker("inspect", "--format", "{{json .Config.Cmd}}", unit.name), /"\$literal"/);
  });

  test("a $ that compose would interpret in a service's env file is refused, with the way out", async () => {
    const app = await make();
    await app.change({ version: "1", env: { TOKEN: "pa$word" } });
    await writeFile(join(app.folder, "app.env"), "TOKEN=pa$word\n");
    const { refusals } = await app.open().inspect();
    assert.match(refusals.map(({ message }) => message).join("\n"), /another TOKEN/);
    assert.match(refusals.map(({ hint }) => hint).join("\n"), /single quotes/);
  });

  test("another environment alone makes another unit (I10)", async () => {
    const app = await make();
    await app.change({ version: "1", env: { COLOUR: "red" } });
    const [first, second] = [await app.release("r1"), await app.release("r2")];
    await app.open().stage(first);
    await app.open().start(first, null);
    const before = await app.containers();
    await app.change({ version: "1", env: { COLOUR: "blue" } });
    await app.open().stage(second);
    await app.open().start(second, first);
    assert.notDeepEqual(await app.containers(), before);
    assert.equal(await answerOf(`${app.url}/env/COLOUR`), "blue");
  });

  test("T3: a release means its image, whatever its name means by now and whoever tidies images (I10, I15)", async () => {
    const app = await make();
    await app.change({ version: "0.1.9" });
    const [first, second] = [await app.release("r1"), await app.release("r2")];
    const { artifacts } = await app.open().stage(first);
    await app.change({ version: "0.1.10" });
    await app.open().stage(second);
    await app.open().start(first, null);
    assert.equal(await answerOf(app.url), "0.1.9");
    const [unit] = await app.open().units();
    assert.ok(unit);
    assert.deepEqual(await app.open().differences(unit, first), []);
    assert.match((await app.open().differences(unit, second)).join("\n"), /image .* runs/);
    assert.match(await docker("image", "inspect", "--format", "{{json .RepoTags}}", artifacts["web"] ?? ""), /aplomo\.local.*:r1/);
    await app.open().discard(first);
    assert.match(
      await docker("image", "inspect", "--format", "{{.Id}}", artifacts["web"] ?? ""),
      /sha256/,
      "a container uses it: it stays",
    );
    await app.open().stop(first);
    await app.open().retire(first, second);
    await app.open().verify(first);
  });

  test("a job has the release's image and environment, nothing by which requests would reach it, and hides secrets", async () => {
    const app = await make({ web: { labels: { "traefik.enable": "true" }, container_name: undefined } });
    await app.change({ version: "1", env: { TOKEN: "a-secret-of-the-release" } });
    const release = await app.release("r1");
    await app.open().stage(release);
    await app.open().start(release, null);
    const name = `${app.app}-aplomo-d1-job`;
    const job = { id: "d1-job", service: "web", env: {}, limit: 30_000, signal: new AbortController().signal };
    // What a crash left behind is ended first.
    await docker("run", "--detach", "--name", name, app.image, "node", "-e", "setInterval(() => {}, 1000)");
    const wait = app.open().runOnce(release, { ...job, run: ["node", "-e", "console.log(process.env.TOKEN); setTimeout(() => {}, 4000)"] });
    const seen = await poll(async () => ((await app.containers()).length > 1 ? true : undefined), { limit: 20_000 });
    assert.ok(seen);
    assert.doesNotMatch(await docker("inspect", "--format", "{{json .Config.Labels}}", name), /traefik/);
    assert.equal(await docker("inspect", "--format", "{{len .HostConfig.PortBindings}}", name), "0");
    assert.equal((await app.open().units()).length, 1, "a job is no unit");
    const result = await wait;
    assert.equal(result.code, 0);
    assert.equal(result.output, "[secret]");
    assert.equal((await app.containers()).length, 1);
    const missing = await app.open().runOnce(release, { ...job, run: ["no-such-program"] });
    assert.notEqual(missing.code, 0);
    assert.match(missing.output, /no-such-program/);
  });

  test("stop and retire take containers away, and no volume", async () => {
    const app = await make({ web: { volumes: ["uploads:/uploads", "/anonymous"] }, volumes: { uploads: null } });
    await app.change({ version: "1" });
    const release = await app.release("r1");
    await app.open().stage(release);
    await app.open().start(release, null);
    const [id = ""] = await app.containers();
    const volumes = (await docker("inspect", "--format", "{{range .Mounts}}{{.Name}} {{end}}", id)).split(" ").filter(Boolean);
    assert.equal(volumes.length, 2);
    await app.open().retire(release, null);
    assert.equal((await app.containers()).length, 1, "what runs is not retired");
    await app.open().stop(release);
    await app.open().retire(release, null);
    assert.deepEqual(await app.containers(), []);
    for (const name of volumes) assert.equal(await docker("volume", "inspect", "--format", "{{.Name}}", name), name);
    for (const name of volumes) await docker("volume", "rm", name);
  });

  test("a service that a release no longer has stops, and comes back with the release that has it", async () => {
    const worker = { image: "", command: ["node", "-e", "setInterval(() => {}, 1000)"], stop_grace_period: "1s" };
    const app = await make();
    app.options.services = { worker: { ...worker, image: app.image } };
    await app.change({ version: "1" });
    const [first, second] = [await app.release("r1"), await app.release("r2")];
    await app.open().stage(first);
    await app.open().start(first, null);
    app.options.services = {};
    await app.change({ version: "2" });
    await app.open().stage(second);
    await app.open().start(second, first);
    const running = async (): Promise<string[]> =>
      (await app.open().units()).filter(({ state }) => state === "running").map(({ service, release }) => `${service} ${release}`);
    assert.deepEqual(await running(), ["web r2"]);
    await app.open().start(first, second);
    assert.deepEqual((await running()).sort(), ["web r1", "worker r1"]);
  });

  test("migrations are known by their files inside the image", async () => {
    const app = await make({ settings: { migrate: { run: ["true"], files: "migrations", database: "db" }, databases: sqlite } });
    await app.change({ version: "1" });
    const { migrations } = await app.open().preview();
    assert.match(migrations ?? "", /^sha256:/);
    await app.change({ version: "2" });
    assert.equal((await app.open().stage(await app.release("r1"))).migrations, migrations);
  });
});

const sqlite = { db: { engine: "sqlite", file: "db.sqlite" } };
