import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { answerOf, composeFixture, docker, type ComposeFixture, type ComposeOptions } from "../support/compose.ts";
import { whyNoCompose } from "../support/lab.ts";

describe("what people started before, under compose", { skip: whyNoCompose("V2") ?? false }, () => {
  let fixture: ComposeFixture | undefined;
  afterEach(() => fixture?.close());
  const make = async (options: ComposeOptions): Promise<ComposeFixture> => (fixture = await composeFixture(options));

  test("comes back as it was, although files, image and environment are others by now", async () => {
    const old = {
      volumes: ["uploads:/uploads", "/anonymous"],
      labels: { "traefik.enable": "true" },
      command: ["node", "server.mjs", "old$$argument"],
      healthcheck: { test: ["CMD", "true"], interval: "1s" },
    };
    const app = await make({ web: old, volumes: { uploads: null } });
    await app.change({ version: "1", env: { TOKEN: "old$value" } });
    await app.compose("up", "-d");
    await answerOf(app.url);
    const before = await factsOf(app);

    app.options.web = { labels: { "traefik.enable": "false" }, volumes: ["other:/other"] };
    app.options.volumes = { uploads: null, other: null };
    await app.change({ version: "2", env: { TOKEN: "new", MORE: "1" } });
    const [none, next] = [await app.release("r0"), await app.release("r1")];
    const adopted = await app.open().adopt(none);
    assert.ok(adopted);
    assert.match(JSON.stringify(adopted.evidence["notes"]), /files have changed since/);
    const [original] = await app.open().units();
    assert.equal(original?.release, "r0");

    // Nothing was replaced yet: going back touches nothing.
    await app.open().start(none, next);
    assert.deepEqual(
      (await app.open().units()).map(({ id }) => id),
      [original?.id],
    );
    // Stopped for a change of data and taken back: the same container.
    await app.open().stop(none);
    await app.open().start(none, null);
    assert.deepEqual(await app.containers(), [original?.id.split(":")[0]]);

    await app.open().stage(next);
    await app.open().start(next, none);
    assert.equal(await answerOf(app.url), "2");
    await app.open().start(none, next);
    await app.open().retire(next, none);
    assert.equal(await answerOf(app.url), "1");
    assert.equal(await answerOf(`${app.url}/env/TOKEN`), "old$value");
    assert.deepEqual(await factsOf(app), before);
    const [back] = await app.open().units();
    assert.ok(back);
    assert.equal(back.release, "r0");
    assert.deepEqual(await app.open().differences(back, none), []);
  });

  test("services that were removed from the files, and several containers of one, come back too", async () => {
    const worker = { image: "", command: ["node", "-e", "setInterval(() => {}, 1000)"], stop_grace_period: "1s" };
    const app = await make({ web: { ports: ["3000"] } });
    app.options.services = { worker: { ...worker, image: app.image } };
    await app.change({ version: "1", env: {} });
    await app.compose("up", "-d", "--scale", "web=2");
    app.options.services = {};
    await app.change({ version: "2" });
    const [none, next] = [await app.release("r0"), await app.release("r1")];
    assert.match(JSON.stringify((await app.open().adopt(none))?.evidence), /worker is no longer in the compose files/);
    await app.open().stage(next);
    await app.open().start(next, none);
    assert.deepEqual((await running(app)).sort(), ["web r1"]);
    await app.open().start(none, next);
    assert.deepEqual((await running(app)).sort(), ["web r0", "web r0", "worker r0"]);
  });
});

async function running(app: ComposeFixture): Promise<string[]> {
  const units = (await app.open().units()).filter(({ state }) => state === "running");
  return units.map(({ service, release }) => `${service} ${release}`);
}

/** What a container is, without what is new each time. */
async function factsOf(app: ComposeFixture): Promise<unknown> {
  const [id = ""] = await app.containers("web");
  const [container] = JSON.parse(await docker("inspect", id)) as [Record<string, never>];
  const { Config, HostConfig, Mounts, Image } = container as unknown as {
    Config: {
      Env: string[];
      Cmd: string[];
      Entrypoint: unknown;
      Labels: Record<string, string>;
      Healthcheck: unknown;
      StopTimeout: unknown;
    };
    HostConfig: { PortBindings: unknown; RestartPolicy: unknown };
    Mounts: { Name: string; Destination: string; RW: boolean }[];
    Image: string;
  };
  const labels = Object.entries(Config.Labels).filter(([name]) => !/^(com\.docker\.compose|aplomo)\./.test(name));
  return {
    Image,
    env: Config.Env.toSorted(),
    command: [Config.Cmd, Config.Entrypoint, Config.StopTimeout],
    check: Config.Healthcheck,
    labels,
    ports: HostConfig.PortBindings,
    restart: HostConfig.RestartPolicy,
    mounts: Mounts.map(({ Name, Destination, RW }) => `${Name} ${Destination} ${RW}`).toSorted(),
  };
}
