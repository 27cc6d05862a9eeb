import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { poll } from "../../src/base/time.ts";
import type { ReleaseFolder, Target } from "../../src/targets/contract.ts";
import { local } from "../../src/host/local.ts";
import { onEngine, onManager, swarmRig, whyNoSwarm, type SwarmRig } from "../support/swarm.ts";
import { textOf } from "../support/text-of.ts";

/** As Dokploy sets a service up: the new task first, and a rollback of the swarm's own when it fails. */
const dokploy =
  "--constraint node.hostname==s1 --stop-grace-period 3s --update-order start-first --update-failure-action rollback --rollback-order start-first".split(
    " ",
  );

describe("a swarm that is about to harm a healthy task", { skip: (await whyNoSwarm()) ?? false }, () => {
  let rig: SwarmRig | undefined;
  afterEach(async () => {
    await rig?.close();
    rig = undefined;
  });

  async function running(options: Parameters<typeof swarmRig>[0]): Promise<{ rig: SwarmRig; target: Target; first: ReleaseFolder }> {
    rig = await swarmRig(options);
    await rig.change({ version: "1" });
    const target = await rig.open();
    const first = await rig.release("r1");
    await target.stage(first);
    await target.start(first, null);
    return { rig, target, first };
  }

  async function next(
    made: SwarmRig,
    behaviour: "crashes" | "exits" | "good",
    version = "2",
  ): Promise<{ target: Target; release: ReleaseFolder }> {
    await made.change({ version, behaviour });
    const target = await made.open();
    const release = await made.release(`r${version}`);
    await target.stage(release);
    return { target, release };
  }

  it("T3, T4: a crashing version under a name that moved does not end the healthy task, and no rollback of the swarm's begins", async () => {
    const { rig: made, target, first } = await running({ create: dokploy });
    const [before] = await target.units();
    // The name `latest` means the crashing image now, as in the test that rivals fail.
    const second = await next(made, "crashes");
    await assert.rejects(second.target.start(second.release, first), /ended .*with exit code 3/);
    const units = await second.target.units();
    const old = units.filter((unit) => unit.release === "r1");
    assert.deepEqual(
      old.map(({ id, state }) => ({ id, state })),
      [{ id: before?.id, state: "running" }],
      "the very task that was healthy still runs",
    );
    const spec = JSON.parse(await onManager("service", "inspect", made.app, "--format", "{{json .Spec}}")) as Record<
      string,
      { FailureAction: string }
    >;
    assert.equal(spec["UpdateConfig"]?.FailureAction, "pause");
    // Going back: the old image by its digest, whatever the name means by now.
    await target.start(first, second.release);
    const back = await target.units();
    assert.deepEqual(
      back.map(({ release, state, restarts }) => ({ release, state, restarts })),
      [{ release: "r1", state: "running", restarts: 0 }],
    );
  });

  it("T5: an end with exit code 0, after the swarm has called the update completed, is told as an end", async () => {
    const { rig: made, first } = await running({});
    const second = await next(made, "exits");
    await second.target.start(second.release, first).catch(() => {});
    const seen = await poll(
      async () => (await second.target.units()).find((unit) => unit.release === "r2" && unit.restarts > 0 && unit.exitCode === 0),
      { limit: 30_000, every: 500 },
    );
    assert.ok(seen, JSON.stringify(await second.target.units()));
    await second.target.start(first, second.release);
    assert.equal(await poll(() => textOf(made.url), { limit: 15_000 }), "1");
  });

  it("tasks on two nodes count, and only those of the new start", async () => {
    const { rig: made, target, first } = await running({ create: ["--replicas-max-per-node", "1"], target: { replicas: 2 } });
    assert.equal((await target.units()).filter(({ state }) => state === "running").length, 2);
    const nodes = (await onManager("service", "ps", made.app, "--filter", "desired-state=running", "--format", "{{.Node}}")).split("\n");
    assert.deepEqual(nodes.sort(), ["s1", "s2"]);
    const second = await next(made, "good");
    await made.open().then((fresh) => fresh.start(second.release, first));
    const units = await target.units();
    assert.deepEqual(
      units.map(({ release, state }) => `${release} ${state}`),
      ["r2 running", "r2 running"],
    );
  });

  it("S1.6: nothing is replaced progressively until what runs has been stable for as long as was asked", async () => {
    const create = ["--constraint", "node.hostname==s1", "--stop-grace-period", "3s", "--update-order", "start-first"];
    const { rig: made, first } = await running({ create, target: { stabilise: "3s" } });
    const order = (): Promise<string> => onManager("service", "inspect", made.app, "--format", "{{.Spec.UpdateConfig.Order}}");
    const young = await next(made, "good", "2");
    assert.match((await young.target.inspect()).runtime, /progressive replacement is off/);
    assert.equal((await young.target.start(young.release, first))["progressive"], false);
    assert.equal(await order(), "stop-first");
    const old = await next(made, "good", "3");
    const stable = async (): Promise<true | undefined> => !/progressive/.test((await old.target.inspect()).runtime) || undefined;
    assert.ok(await poll(stable, { limit: 20_000, every: 500 }));
    assert.equal((await old.target.start(old.release, young.release))["progressive"], true);
    assert.equal(await order(), "start-first");
  });

  it("an image of a registry that asks for a password is taken with the login of this machine", async () => {
    const closed = `${process.env["APLOMO_LAB_REGISTRY_PRIVATE"]}/aplomo-test/closed:1`;
    const before = process.env["DOCKER_CONFIG"];
    const folder = await mkdtemp(join(tmpdir(), "aplomo-login-"));
    rig = await swarmRig({ target: { image: closed } });
    try {
      await rig.change({ version: "1" });
      const input = await readFile(String(process.env["APLOMO_LAB_REGISTRY_PASSWORD_FILE"]), "utf8");
      process.env["DOCKER_CONFIG"] = folder;
      const user = String(process.env["APLOMO_LAB_REGISTRY_USER"]);
      await local.run({ argv: ["docker", "login", "--username", user, "--password-stdin", String(closed.split("/")[0])], input });
      await onEngine("tag", rig.image, closed);
      await onEngine("push", "--quiet", closed);
      const target = await rig.open();
      const release = await rig.release("r1");
      await target.stage(release);
      await target.start(release, null);
      assert.equal(await poll(() => textOf(rig?.url ?? ""), { limit: 15_000 }), "1");
    } finally {
      if (before === undefined) delete process.env["DOCKER_CONFIG"];
      else process.env["DOCKER_CONFIG"] = before;
      await onEngine("rmi", closed).catch(() => "");
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("migrations are known by their files inside the image, which the manager fetches, and nothing is left of looking", async () => {
    const migrating = (files: string): Record<string, unknown> => ({
      migrate: { run: ["true"], files, database: "db" },
      databases: { db: { engine: "sqlite", file: "db.sqlite" } },
    });
    rig = await swarmRig({ settings: migrating("migrations") });
    await rig.change({ version: "1" });
    const { migrations, artifacts } = await (await rig.open()).preview();
    assert.match(migrations ?? "", /^sha256:/);
    await rig.change({ version: "2" });
    const [target, release] = [await rig.open(), await rig.release("r1")];
    const staged = await target.stage(release);
    assert.notDeepEqual(staged.artifacts, artifacts, "another image");
    assert.equal(staged.migrations, migrations, "with the same migrations");
    const files = await target.migrations?.(release);
    assert.deepEqual(Object.keys(files ?? {}), ["001_visits.sql"]);
    assert.deepEqual(await target.migrations?.(null), files);
    const same = await target.stage(await rig.release("r2"), release);
    assert.equal(same.migrations, migrations, "with the code of another release");
    assert.equal(await onManager("ps", "--all", "--quiet", "--filter", `name=${rig.app}-aplomo-files`), "");
    await rig.close();
    rig = await swarmRig({ settings: migrating("nowhere") });
    await rig.change({ version: "1" });
    await assert.rejects((await rig.open()).preview(), /could not read migrations from the image .*nowhere/);
  });

  it("is refused where it cannot be done: no such service, an image that no registry has", async () => {
    rig = await swarmRig({ target: { service: "nobody-has-this" } });
    await rig.change({ version: "1" });
    assert.match(JSON.stringify((await (await rig.open()).inspect()).refusals), /has no service nobody-has-this/);
    await rig.close();
    rig = await swarmRig({ target: { image: "172.30.0.2:5000/aplomo-test/nobody:1" } });
    await rig.change({ version: "1" });
    const target = await rig.open();
    await assert.rejects(target.stage(await rig.release("r1")), /no registry has it/);
  });
});
