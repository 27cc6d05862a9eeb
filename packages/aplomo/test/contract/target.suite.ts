import assert from "node:assert/strict";
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import type { AplomoError } from "../../src/base/errors.ts";
import { Secret } from "../../src/base/secret.ts";
import { poll } from "../../src/base/time.ts";
import { checkMemory } from "../../src/deploy/gates/memory.ts";
import type { Work } from "../../src/deploy/step.ts";
import type { Job, ReleaseFolder, Target, Unit } from "../../src/targets/contract.ts";
import { ending } from "../support/ending.ts";
import { textOf } from "../support/text-of.ts";

/** How the harness's app behaves once started. */
export type Behaviour =
  /** Listens on its port; `GET /` answers 200 with the version as plain text; `GET /env/NAME` with that variable's value or 404. */
  | "good"
  /** Runs but opens no port. */
  | "never-listens"
  /** Says `crashing now` and exits with code 3 at once. */
  | "crashes"
  /** Serves as `good` does and exits with code 0 about a second after its start. */
  | "exits";

/** What a driver's test gives the suite: a way to make applications. `targetSuite(harness)` is its whole test file. */
export interface TargetHarness {
  kind: string;
  /** Why it cannot run on this machine. */
  skip?: string | undefined;
  /** A new application with a name, port, APLOMO_HOME and source of its own; nothing of it runs yet. */
  make(): Promise<Rig>;
}

/** One application under test. */
export interface Rig {
  app: string;
  /** What a job must name to run in the app's image; undefined where a driver has no services. */
  service?: string;
  /** Where the app answers when it runs: `http://127.0.0.1:4711`. */
  url: string;
  /** A new driver over the present source and environment, as after a restart of Aplomo. */
  open(): Promise<Target>;
  /** Changes what the next `open().stage()` takes. `env` replaces the application's whole environment (a real secret or two are welcome). */
  change(next: { version: string; behaviour?: Behaviour; env?: Record<string, string> }): Promise<void>;
  /** Starts the present source as its people did before they had Aplomo, and waits until it answers. */
  startByHand(): Promise<void>;
  /** A new empty release folder, mode 0700. */
  release(id: string): Promise<ReleaseFolder>;
  /** Something a staged release needs is gone or changed: a file, an image. */
  damage(release: ReleaseFolder): Promise<void>;
  /** The unit's main process dies by SIGKILL, behind Aplomo's back. */
  kill(unit: Unit): Promise<void>;
  /** Everything this application left is removed; called also after a failed test. */
  close(): Promise<void>;
}

const limit = 30_000;
const secret = "s3cr3t-value-of-the-suite";

/** What every target must do, whatever runs its units. */
export function targetSuite(harness: TargetHarness): void {
  describe(`target ${harness.kind}`, { skip: harness.skip ?? false }, () => {
    let rig: Rig;
    beforeEach(async (t) => {
      rig = await harness.make();
      ending(t, () => rig.close());
      await rig.change({ version: "1", env: { TOKEN: secret, COLOUR: "red" } });
    });

    test("inspect finds nothing to refuse in a sound application, and says what runs it", async () => {
      const facts = await (await rig.open()).inspect();
      assert.deepEqual(facts.refusals, []);
      assert.notEqual(facts.runtime, "");
      assert.ok(facts.replaces.length > 0);
    });

    test("preview says what stage will make, and makes nothing", async () => {
      const target = await rig.open();
      const release = await rig.release("r1");
      const before = await target.preview();
      assert.deepEqual(await readdir(release.path), []);
      const { artifacts, environment, migrations } = await target.stage(release);
      assert.deepEqual({ artifacts, environment, migrations }, before);
    });

    test("stage leaves units alone and a folder nobody else can read", async () => {
      const { target } = await staged(rig, "r1");
      assert.deepEqual(await target.units(), []);
      const { path } = await rig.release("r1");
      assert.equal((await stat(path)).mode & 0o077, 0);
    });

    test("no value of the environment stands in a file others can read, nor in what stage returns", async () => {
      const { staging, release } = await staged(rig, "r1");
      assert.doesNotMatch(JSON.stringify(staging), new RegExp(secret));
      for (const file of await filesBelow(release.path)) {
        if ((await readFile(file, "utf8")).includes(secret)) assert.equal((await stat(file)).mode & 0o077, 0, file);
      }
    });

    test("fingerprints name every variable, stay when a value stays and change when it changes", async () => {
      const first = (await staged(rig, "r1")).staging.environment;
      await rig.change({ version: "1", env: { TOKEN: secret, COLOUR: "blue" } });
      const second = (await staged(rig, "r2")).staging.environment;
      const named = (prints: Record<string, string>, name: string): string | undefined =>
        Object.entries(prints).find(([key]) => key === name || key.endsWith(`:${name}`))?.[1];
      assert.match(named(first, "TOKEN") ?? "", /^[0-9a-f]{12}$/);
      assert.equal(named(first, "TOKEN"), named(second, "TOKEN"));
      assert.notEqual(named(first, "COLOUR"), named(second, "COLOUR"));
    });

    test("other code is another artifact, the same code the same", async () => {
      const first = (await staged(rig, "r1")).staging.artifacts;
      const again = (await staged(rig, "r2")).staging.artifacts;
      await rig.change({ version: "2" });
      const other = (await staged(rig, "r3")).staging.artifacts;
      assert.deepEqual(again, first);
      assert.notDeepEqual(other, first);
    });

    test("staging again what is staged changes nothing", async () => {
      const { target, release, staging } = await staged(rig, "r1");
      assert.deepEqual((await target.stage(release)).artifacts, staging.artifacts);
      await (await rig.open()).verify(release);
    });

    test("with the code of another release only the environment is of the present files", async () => {
      const first = await staged(rig, "r1");
      await rig.change({ version: "2", env: { TOKEN: secret, COLOUR: "blue" } });
      const target = await rig.open();
      const second = await rig.release("r2");
      const preview = await target.preview(first.release);
      const { artifacts, environment, migrations } = await target.stage(second, first.release);
      assert.deepEqual({ artifacts, environment, migrations }, preview);
      assert.deepEqual([artifacts, migrations], [first.staging.artifacts, first.staging.migrations]);
      assert.notDeepEqual(environment, first.staging.environment);
      await target.verify(second);
      await target.start(second, null);
      assert.deepEqual([await answer(rig), await answer(rig, "/env/COLOUR")], ["1", "blue"]);
    });

    test("a release starts from its folder alone, and its units are named by it", async () => {
      const { target, release, staging } = await staged(rig, "r1");
      await rig.change({ version: "2", env: { COLOUR: "blue" } });
      await target.start(release, null);
      assert.equal(await answer(rig), "1");
      assert.equal(await answer(rig, "/env/COLOUR"), "red");
      const units = await target.units();
      assert.deepEqual([...new Set(units.map((unit) => unit.release))], ["r1"]);
      for (const service of Object.keys(staging.artifacts))
        assert.ok(
          units.some((unit) => unit.service === service),
          service,
        );
      for (const unit of units) assert.deepEqual([unit.state, unit.restarts], ["running", 0]);
    });

    test("starting what runs already leaves it as it is", async () => {
      const { target, release } = await started(rig, "r1");
      const before = ids(await target.units());
      await (await rig.open()).start(release, null);
      assert.deepEqual(ids(await target.units()), before);
    });

    test("one release replaces another, and going back is the same", async () => {
      const first = await started(rig, "r1");
      await rig.change({ version: "2", env: { COLOUR: "blue" } });
      const second = await staged(rig, "r2");
      await second.target.start(second.release, first.release);
      assert.equal(await answer(rig), "2");
      assert.equal(await answer(rig, "/env/TOKEN", false), undefined);
      assert.deepEqual(await runningReleases(second.target), ["r2"]);
      await first.target.start(first.release, second.release);
      assert.equal(await answer(rig), "1");
      assert.equal(await answer(rig, "/env/TOKEN"), secret);
      assert.deepEqual(await runningReleases(first.target), ["r1"]);
    });

    test("a release whose stopped units were removed starts all the same", async () => {
      const first = await started(rig, "r1");
      await rig.change({ version: "2" });
      const second = await started(rig, "r2", first.release);
      await second.target.retire(first.release, second.release);
      await second.target.retire(first.release, second.release);
      assert.deepEqual([...new Set((await second.target.units()).map((unit) => unit.release))], ["r2"]);
      await first.target.start(first.release, second.release);
      assert.equal(await answer(rig), "1");
    });

    test("stop stops and removes nothing; twice is as once", async () => {
      const { target, release } = await started(rig, "r1");
      await target.stop(release);
      await target.stop(release);
      assert.deepEqual(await runningReleases(target), []);
      assert.equal(await ask(rig), undefined);
      await target.start(release, null);
      assert.equal(await answer(rig), "1");
    });

    test("what people started before they had Aplomo becomes a release that can be returned to", async () => {
      await rig.startByHand();
      const target = await rig.open();
      assert.deepEqual([...new Set((await target.units()).map((unit) => unit.release))], [null]);
      const old = await rig.release("r0");
      assert.ok(await target.adopt(old));
      assert.ok(await target.adopt(old), "a second time too");
      assert.equal(await answer(rig), "1", "it runs on");
      const next = await staged(rig, "r1");
      await next.target.start(next.release, old);
      assert.deepEqual(await runningReleases(target), ["r1"]);
      await target.start(old, next.release);
      assert.deepEqual(await runningReleases(target), ["r0"]);
      assert.equal(await answer(rig), "1");
      for (const unit of await target.units()) {
        if (unit.release === "r0") assert.deepEqual(await target.differences(unit, old), []);
      }
    });

    test("there is nothing to adopt when nothing runs", async () => {
      assert.equal(await (await rig.open()).adopt(await rig.release("r0")), null);
    });

    test("a unit says that it is the one meant, and in which variables it is not", async () => {
      const { target, release } = await started(rig, "r1");
      await rig.change({ version: "1", env: { TOKEN: `${secret}-2`, COLOUR: "red", SIZE: "4" } });
      const other = await staged(rig, "r2");
      const unit = (await target.units()).find((one) => one.state === "running");
      assert.ok(unit);
      assert.deepEqual(await target.differences(unit, release), []);
      const said = (await target.differences(unit, other.release)).join("\n");
      assert.match(said, /TOKEN/);
      assert.match(said, /SIZE/);
      assert.doesNotMatch(said, new RegExp(`COLOUR|${secret}`));
    });

    test("a unit that died is not the same unit afterwards", async () => {
      const { target } = await started(rig, "r1");
      const [unit] = await target.units();
      assert.ok(unit);
      await rig.kill(unit);
      const seen = await poll(async () => ((await target.units()).some(({ id }) => id === unit.id) ? undefined : true), { limit });
      assert.ok(seen);
    });

    test("T2, T5: exit code 0 is told as an end", async () => {
      await rig.change({ version: "1", behaviour: "exits" });
      const { target } = await started(rig, "r1").catch((error: Error) => ({ target: undefined, error }));
      // A driver that waits until it listens may have seen the end itself.
      if (!target) return;
      const seen = await poll(
        async () => (await target.units()).find((unit) => unit.exitCode === 0 && (unit.restarts > 0 || unit.state !== "running")),
        { limit },
      );
      assert.ok(seen);
    });

    test("examine looks at every unit; one near its memory's limit is refused with both numbers, and one that is not passes", async () => {
      const { target, release } = await started(rig, "r1");
      if (!target.examine) return;
      const examined = await target.examine();
      assert.deepEqual(examined.map(({ unit }) => unit.id).toSorted(), (await target.units()).map(({ id }) => id).toSorted());
      for (const { variables, memory } of examined) {
        assert.deepEqual(variables, { other: [], empty: [], missing: [] });
        assert.ok(memory && memory.used > 1e6 && memory.used < memory.limit, JSON.stringify(memory));
      }
      const work = { target, facts: { release }, config: { environment: new Map() } } as unknown as Work;
      await assert.rejects(checkMemory(work, 1), /it uses \d+ MiB of \d+ MiB, \d+ % of its limit .* below 1 %/);
      assert.equal(Object.keys((await checkMemory(work, 95))["memory"] ?? {}).length > 0, true);
    });

    test("verify passes a whole release and throws, with a hint, for one that is not", async () => {
      const { target, release } = await staged(rig, "r1");
      await target.verify(release);
      await rig.damage(release);
      await assert.rejects(target.verify(release), (error: Error & { hint?: string }) => Boolean(error.hint));
    });

    test("a discarded release leaves no unit, twice is as once, and what runs stays", async () => {
      const first = await started(rig, "r1");
      await rig.change({ version: "2" });
      const second = await started(rig, "r2", first.release);
      await second.target.discard(first.release);
      await second.target.discard(first.release);
      assert.deepEqual([...new Set((await second.target.units()).map((unit) => unit.release))], ["r2"]);
      assert.equal(await answer(rig), "2");
    });

    test("a job runs with the release's environment and its own; its code and last lines come back", async () => {
      const { target, release } = await staged(rig, "r1");
      const script = "console.log('colour', process.env.COLOUR, process.env.EXTRA); console.error('last words'); process.exitCode = 7";
      const result = await target.runOnce(release, job(rig, script, { env: { EXTRA: new Secret("more") } }));
      assert.deepEqual([result.code, result.timedOut], [7, false]);
      assert.match(result.output, /colour red/);
      assert.match(result.output, /last words/);
    });

    test("a job that takes too long is ended, and says so", async () => {
      const { target, release } = await staged(rig, "r1");
      const result = await target.runOnce(release, job(rig, "setInterval(() => {}, 1000)", { limit: 1_000 }));
      assert.equal(result.timedOut, true);
      assert.notEqual(result.code, 0);
    });

    test("a job that is interrupted is ended", async () => {
      const { target, release } = await staged(rig, "r1");
      const interrupt = new AbortController();
      const run = target.runOnce(release, job(rig, "setInterval(() => {}, 1000)", { signal: interrupt.signal }));
      setTimeout(() => interrupt.abort(new Error("enough")), 500);
      await assert.rejects(run, /enough/);
    });

    test("nothing runs before anything was started, and stopping or retiring it is nothing", async () => {
      const { target, release } = await staged(rig, "r1");
      assert.deepEqual(await target.units(), []);
      await target.stop(release);
      await target.retire(release, null);
      assert.deepEqual(await target.units(), []);
    });

    test("a release that crashes when it starts is told with its exit code, and the one before comes back", async () => {
      const first = await started(rig, "r1");
      await rig.change({ version: "2", behaviour: "crashes" });
      const second = await staged(rig, "r2");
      const refused = await second.target.start(second.release, first.release).then(
        () => undefined,
        (error: AplomoError) => `${error.message} ${JSON.stringify(error.evidence)}`,
      );
      // A driver that does not wait for it tells it by its units.
      const told = refused ?? (await poll(async () => (await second.target.units()).find((unit) => unit.exitCode === 3)?.name, { limit }));
      assert.match(told ?? "", refused === undefined ? /./ : /code 3|"exitCode":3/);
      await first.target.start(first.release, second.release);
      assert.equal(await answer(rig), "1");
      assert.deepEqual(await runningReleases(first.target), ["r1"]);
    });

    test("T1: a release that never listens never takes the place of one that does for good", async () => {
      const first = await started(rig, "r1");
      await rig.change({ version: "2", behaviour: "never-listens" });
      const second = await staged(rig, "r2");
      await second.target.start(second.release, first.release).catch(() => {});
      await first.target.start(first.release, second.release);
      assert.equal(await answer(rig), "1");
      assert.deepEqual(await runningReleases(first.target), ["r1"]);
    });

    test("going back twice is as once", async () => {
      const first = await started(rig, "r1");
      await rig.change({ version: "2" });
      const second = await started(rig, "r2", first.release);
      await first.target.start(first.release, second.release);
      await answer(rig);
      const before = ids(await first.target.units());
      await (await rig.open()).start(first.release, second.release);
      assert.deepEqual(ids(await first.target.units()), before);
      assert.equal(await answer(rig), "1");
    });

    test("going back from going back gives the second release again", async () => {
      const first = await started(rig, "r1");
      await rig.change({ version: "2", env: { COLOUR: "blue" } });
      const second = await started(rig, "r2", first.release);
      await first.target.start(first.release, second.release);
      await answer(rig);
      await second.target.start(second.release, first.release);
      assert.equal(await answer(rig), "2");
      assert.equal(await answer(rig, "/env/COLOUR"), "blue");
      assert.deepEqual(await runningReleases(second.target), ["r2"]);
    });

    test("a change of the environment alone makes the unit anew with the same code", async () => {
      const first = await started(rig, "r1");
      const [old] = await first.target.units();
      await rig.change({ version: "1", env: { TOKEN: secret, COLOUR: "green" } });
      const second = await started(rig, "r2", first.release);
      assert.deepEqual(second.staging.artifacts, first.staging.artifacts);
      assert.equal(await answer(rig, "/env/COLOUR"), "green");
      assert.ok((await second.target.units()).every((unit) => unit.id !== old?.id || unit.state !== "running"));
    });

    test("another Aplomo sees the same units and can stop them", async () => {
      const { target, release } = await started(rig, "r1");
      const other = await rig.open();
      assert.deepEqual(ids(await other.units()), ids(await target.units()));
      await other.stop(release);
      assert.deepEqual(await runningReleases(target), []);
    });

    test("two releases run at once, each at its own address, and stopping one leaves the other", async (t) => {
      const first = await started(rig, "r1");
      if (!first.target.startBeside) return t.skip("this target runs one release at a time");
      const before = ids(await first.target.units());
      await rig.change({ version: "2" });
      const second = await staged(rig, "r2");
      await second.target.startBeside?.(second.release);
      await second.target.startBeside?.(second.release);
      assert.equal(await addressed(second.target, "r2"), "2");
      assert.equal(await answer(rig), "1");
      const now = new Set(ids(await first.target.units()));
      assert.deepEqual(
        before.filter((id) => !now.has(id)),
        [],
      );
      await second.target.start(second.release, first.release);
      assert.deepEqual(await runningReleases(second.target), ["r2"]);
      assert.equal(await addressed(second.target, "r2"), "2");
      for (const unit of await second.target.units()) {
        if (unit.release === "r2") assert.deepEqual(await second.target.differences(unit, second.release), []);
      }
    });

    test("units that were stopped come back beside the others, where they were", async (t) => {
      const first = await staged(rig, "r1");
      if (!first.target.startBeside) return t.skip("this target runs one release at a time");
      await first.target.startBeside(first.release);
      assert.equal(await addressed(first.target, "r1"), "1");
      const where = (await first.target.units()).map(({ address }) => address);
      await rig.change({ version: "2" });
      const second = await staged(rig, "r2");
      await second.target.startBeside?.(second.release);
      await second.target.start(second.release, first.release);
      await first.target.startBeside(first.release);
      assert.equal(await addressed(first.target, "r1"), "1");
      assert.equal(await addressed(first.target, "r2"), "2");
      const again = (await first.target.units()).filter((unit) => unit.release === "r1").map(({ address }) => address);
      assert.deepEqual(again, where);
    });

    test("logs have the unit's last lines", async () => {
      const { target } = await started(rig, "r1");
      const [unit] = await target.units();
      assert.ok(unit);
      const found = await poll(async () => (/version 1/.test(await target.logs(unit, { tail: 20, sinceStart: true })) ? true : undefined), {
        limit,
      });
      assert.ok(found);
    });

    test("a release can be tried out where no request reaches it", async (t) => {
      const first = await started(rig, "r1");
      if (!first.target.tryOut) return t.skip("this target has no candidate");
      await rig.change({ version: "2" });
      const second = await staged(rig, "r2");
      let answered: string | undefined;
      await second.target.tryOut?.(second.release, async (unit) => {
        assert.ok(unit.address);
        answered = await poll(() => textOf(`http://${unit.address?.host}:${unit.address?.port}/`), { limit });
        assert.equal(await ask(rig), "1");
      });
      assert.equal(answered, "2");
      assert.deepEqual([...new Set((await first.target.units()).map((unit) => unit.release))], ["r1"]);
    });

    test("a release that crashes when tried out is told with its code and words, and nothing of it stays", async (t) => {
      const first = await started(rig, "r1");
      if (!first.target.tryOut) return t.skip("this target has no candidate");
      await rig.change({ version: "2", behaviour: "crashes" });
      const second = await staged(rig, "r2");
      await assert.rejects(
        async () => second.target.tryOut?.(second.release, async () => {}),
        (error: AplomoError) => /code 3/.test(error.message) && /crashing now/.test(error.message + JSON.stringify(error.evidence)),
      );
      assert.deepEqual([...new Set((await first.target.units()).map((unit) => unit.release))], ["r1"]);
      assert.equal(await answer(rig), "1");
    });
  });
}

async function staged(rig: Rig, id: string) {
  const target = await rig.open();
  const release = await rig.release(id);
  return { target, release, staging: await target.stage(release) };
}

async function started(rig: Rig, id: string, replaced: ReleaseFolder | null = null) {
  const made = await staged(rig, id);
  await made.target.start(made.release, replaced);
  await answer(rig);
  return made;
}

/** What the app answers, waiting until it does: `start` does not wait for health. */
async function answer(rig: Rig, path = "/", expected = true): Promise<string | undefined> {
  if (!expected) await answer(rig);
  const found = expected ? await poll(() => ask(rig, path), { limit }) : await ask(rig, path);
  if (expected) assert.notEqual(found, undefined, `nothing answers at ${rig.url}${path}`);
  return found;
}

/** What a release's unit behind the edge answers at its own address. */
async function addressed(target: Target, release: string): Promise<string | undefined> {
  return poll(
    async () => {
      const unit = (await target.units()).find((one) => one.release === release && one.front && one.state === "running");
      return unit?.address ? textOf(`http://${unit.address.host}:${unit.address.port}/`) : undefined;
    },
    { limit },
  );
}

function ask(rig: Rig, path = "/"): Promise<string | undefined> {
  return textOf(rig.url + path);
}

function job(rig: Rig, script: string, changes: Partial<Job> = {}): Job {
  const service = rig.service === undefined ? {} : { service: rig.service };
  return { id: "d1-job", run: ["node", "-e", script], ...service, env: {}, limit, signal: new AbortController().signal, ...changes };
}

async function runningReleases(target: Target): Promise<(string | null)[]> {
  const running = (await target.units()).filter((unit) => unit.state === "running" || unit.state === "starting");
  return [...new Set(running.map((unit) => unit.release))];
}

function ids(units: Unit[]): string[] {
  return units.map(({ id }) => id).sort();
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
