import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { UsageError } from "../../../src/base/errors.ts";
import type { Facts } from "../../../src/deploy/facts.ts";
import { decideChange, differences, surplus } from "../../../src/deploy/decide.ts";
import { observe, type Request } from "../../../src/deploy/observe.ts";
import { appPaths, releaseFolder, type AppPaths } from "../../../src/deploy/paths.ts";
import { currentRelease, pointTo, unpoint, writeRelease } from "../../../src/deploy/releases.ts";
import type { Database, DatabaseFacts } from "../../../src/databases/contract.ts";
import { none } from "../../../src/edges/none/none.ts";
import type { Context } from "../../../src/host/context.ts";
import { makePrivateFolder } from "../../../src/host/files.ts";
import type { Target, Unit } from "../../../src/targets/contract.ts";
import { config, release } from "./facts.ts";

const migrating = config({ migrate: { run: ["migrate"], service: "web" } });

describe("decideChange", () => {
  const reason = (...args: Parameters<typeof decideChange>): [string, string] => {
    const { change, changeReason } = decideChange(...args);
    return [change, changeReason];
  };
  const cases: [name: string, args: Parameters<typeof decideChange>, change: Facts["change"], says: RegExp][] = [
    ["nothing named", [config(), { migrations: "m2" }, release("r1"), true], "none", /names no migration/],
    ["the same files", [migrating, { migrations: "m1" }, release("r1"), false], "none", /those of r1/],
    ["the same files, asked for", [migrating, { migrations: "m1" }, release("r1"), true], "migrate", /asked for/],
    ["other files", [migrating, { migrations: "m2" }, release("r1"), false], "migrate", /differ from those of r1/],
    ["nobody can tell", [migrating, { migrations: null }, release("r1", { migrations: null }), false], "migrate", /without migrate.files/],
    ["the first release", [migrating, { migrations: "m1" }, undefined, false], "migrate", /first release/],
    [
      "only a seed, files unknown",
      [config({ seed: { run: ["seed"], service: "web" } }), { migrations: null }, release("r1"), false],
      "migrate",
      /./,
    ],
  ];
  for (const [name, args, change, says] of cases)
    it(name, () => {
      assert.equal(reason(...args)[0], change);
      assert.match(reason(...args)[1], says);
    });
});

describe("differences", () => {
  const now = { artifacts: { web: "sha256:aaaaaaaaaaaaaaaa" }, environment: { A: "1" } };
  it("are none before the first release", () => assert.deepEqual(differences(now, undefined), []));
  it("say so when there are none", () => assert.deepEqual(differences(now, release("r1")), ["the same code and environment as r1"]));
  it("name code that changed, came and went", () => {
    const next = { artifacts: { web: "sha256:bbbbbbbbbbbbbbbb", api: "sha256:cccccccccccccccc" }, environment: { A: "1" } };
    assert.deepEqual(differences(next, release("r1", { artifacts: { web: "sha256:aaaaaaaaaaaaaaaa", worker: "sha256:d" } })), [
      "web: new code (bbbbbbbbbbbb, was aaaaaaaaaaaa)",
      "api: new code (cccccccccccc, was none)",
      "worker: is no longer part of it",
    ]);
  });
  it("name variables that changed, came and went, but not Aplomo's own", () => {
    const next = { ...now, environment: { A: "2", B: "1", APLOMO_RELEASE: "r2", "web:APLOMO_RELEASE": "r2" } };
    const before = release("r1", { environment: { A: "1", C: "1", APLOMO_RELEASE: "r1", "web:APLOMO_RELEASE": "r1" } });
    assert.deepEqual(differences(next, before), ["environment: A, B, C"]);
  });
});

it("surplus leaves the present release, the new one, and the newest of the others", () => {
  const ids = ["r1", "r2", "r3", "r4", "r5"].map((id) => release(id));
  const left = (keep: number, current: string | undefined): string[] => surplus(ids, keep, current).map((one) => one.id);
  assert.deepEqual(left(5, "r5"), ["r1"]);
  assert.deepEqual(left(2, "r5"), ["r1", "r2", "r3", "r4"]);
  assert.deepEqual(left(5, "r1"), ["r2"]);
  assert.deepEqual(left(9, "r5"), []);
  assert.deepEqual(left(2, undefined), ["r1", "r2", "r3", "r4", "r5"]);
});

describe("observe", () => {
  let parent = "";
  before(async () => void (parent = await mkdtemp(join(tmpdir(), "aplomo-observe-"))));
  after(() => rm(parent, { recursive: true, force: true }));

  const ctx = { now: () => new Date("2026-11-22T15:45:00.000Z") } as Context;
  const unit = (release: string | null, state: Unit["state"] = "running"): Unit => ({ release, state }) as Unit;

  /** An application with these releases, one of them in front. */
  async function app(ids: string[], front: string | null): Promise<AppPaths> {
    const paths = appPaths(await mkdtemp(join(parent, "home-")), "agenda");
    for (const id of ids) {
      await makePrivateFolder(releaseFolder(paths, id).path);
      await writeRelease(releaseFolder(paths, id), release(id));
    }
    for (const id of ids) await makePrivateFolder(join(paths.deployments, id.replace("r", "d")));
    if (front !== null) await pointTo(paths, releaseFolder(paths, front));
    return paths;
  }

  function look(paths: AppPaths, units: Unit[], request: Request = { action: "deploy" }): Promise<Facts> {
    const target = {
      units: async () => units,
      inspect: async () => ({ runtime: "", replaces: [], data: [], refusals: [], interrupts: 0 }),
      preview: async () => ({ artifacts: {}, environment: {}, migrations: "m1" }),
    } as unknown as Target;
    const bytes = { server: "PostgreSQL 15", tool: "pg_dump 15", bytes: 1 };
    const check = async (name: string): Promise<DatabaseFacts> => (name === "agenda" ? bytes : Promise.reject(new Error("not yet")));
    const databases = ["agenda", "starting"].map((name) => ({ name, check: () => check(name) }) as Database);
    return observe({ ctx, config: migrating, paths, target, edge: none, databases }, request);
  }

  it("the first deploy finds nothing before it", async () => {
    const seen = await look(await app([], null), [unit(null, "stopped")]);
    assert.deepEqual([seen.previous, seen.adopt, seen.release.id, seen.deployment], [null, false, "r1", "d1"]);
    assert.equal(seen.change, "migrate");
  });

  it("refuses to rehearse where that cannot be done, instead of saying that it was", async () => {
    await assert.rejects(look(await app([], null), [], { action: "rehearse" }), /cannot yet/);
  });

  it("keeps what the databases that answer say; one that is only starting is waited for later", async () => {
    const { databases } = await look(await app([], null), []);
    assert.deepEqual(databases, { agenda: { server: "PostgreSQL 15", tool: "pg_dump 15", bytes: 1 } });
  });

  it("what runs without Aplomo is taken over first", async () => {
    const seen = await look(await app([], null), [unit(null)]);
    assert.deepEqual([seen.previous?.id, seen.adopt], ["r0", true]);
  });

  it("what was taken over by a first deploy that was undone is still what came before", async () => {
    const seen = await look(await app(["r0"], null), [unit("r0"), unit("r0", "stopped")]);
    assert.deepEqual([seen.previous?.id, seen.adopt, seen.change], ["r0", false, "migrate"]);
  });

  it("a rollback goes to the release before the present one, however often", async () => {
    const paths = await app(["r1", "r2", "r3"], "r3");
    const first = await look(paths, [], { action: "rollback" });
    assert.deepEqual([first.release.id, first.previous?.id, first.deployment], ["r2", "r3", "d4"]);
    await pointTo(paths, first.release);
    assert.equal((await look(paths, [], { action: "rollback" })).release.id, "r1");
    assert.equal((await look(paths, [], { action: "rollback", to: "r3" })).release.id, "r3");
  });

  it("a rollback to nowhere is refused with the releases there are", async () => {
    const paths = await app(["r1", "r2"], "r1");
    for (const [to, says] of [
      ["r9", /no such release/],
      ["r1", /is the release in front/],
      [undefined, /no earlier release/],
    ] as const) {
      await assert.rejects(look(paths, [], { action: "rollback", ...(to ? { to } : {}) }), (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, says);
        assert.match(error.hint ?? "", /r1, r2/);
        return true;
      });
    }
  });

  it("the link to the release in front is set, moved and taken away in one act each", async () => {
    const paths = await app(["r1", "r2"], null);
    assert.equal(await currentRelease(paths), null);
    await pointTo(paths, releaseFolder(paths, "r1"));
    await pointTo(paths, releaseFolder(paths, "r2"));
    assert.deepEqual(await currentRelease(paths), releaseFolder(paths, "r2"));
    await unpoint(paths);
    await unpoint(paths);
    assert.equal(await currentRelease(paths), null);
  });
});
