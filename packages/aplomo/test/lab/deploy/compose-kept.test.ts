import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { stringify } from "yaml";
import { aplomo, finishedOf, runProgram, type Run } from "../../support/agenda.ts";
import { buildFixture, composeFixture, docker, textOf, type ComposeFixture } from "../../support/compose.ts";
import { whyNoCompose } from "../../support/lab.ts";
import { dyingEngine } from "../../support/cli.ts";
import { boundaries, sampled, type Line } from "./crashes.ts";

/** Three services: `web` changes, `proxy` needs it, and `worker` has nothing to do with it. */
for (const generation of ["V2", "V1"] as const) {
  const long = generation === "V1" && !process.env["APLOMO_TEST_FULL"] ? "a long round: script/test --full" : undefined;
  describe(`services that did not change, compose ${generation}`, { skip: long ?? whyNoCompose(generation) ?? false }, () => {
    let app: ComposeFixture;
    let env: Record<string, string | undefined>;
    before(async () => {
      process.env["APLOMO_COMPOSE"] = JSON.stringify(generation === "V1" ? [process.env["APLOMO_LAB_COMPOSE_V1"]] : ["docker", "compose"]);
      const image = await buildFixture("1");
      const other = { image, environment: { BEHAVIOUR: "good" }, stop_grace_period: "3s" };
      app = await composeFixture({ services: { worker: { ...other, volumes: ["/kept"] }, proxy: { ...other, depends_on: ["web"] } } });
      env = { ...process.env, APLOMO_HOME: app.home };
      const health = { service: "web", port: 3000, path: "/", within: "40s", watch: "0s" };
      const settings = { app: app.app, target: { kind: "compose" }, env: { file: "app.env" }, health, logs: { forbid: ["crashing"] } };
      await app.change({ version: "1", env: { COLOUR: "red" } });
      await writeFile(join(app.folder, "aplomo.yml"), stringify(settings));
      await must(0, "deploy");
    });
    after(() => app?.close());

    const must = async (code: number, ...args: string[]): Promise<Run> => {
      const run = await aplomo({ folder: app.folder, env }, ...args);
      assert.equal(run.code, code, `aplomo ${args.join(" ")}\n${run.output.slice(-3_000)}`);
      return run;
    };
    const ids = async (): Promise<Record<string, string>> =>
      Object.fromEntries(
        await Promise.all(["web", "worker", "proxy"].map(async (name) => [name, (await app.containers(name)).join()] as const)),
      );
    const unit = async (name: string): Promise<Record<string, unknown> | undefined> => {
      const last = (await must(0, "status")).events.at(-1);
      const { units } = (last?.type === "result" ? last.data : {}) as { units?: Record<string, unknown>[] };
      return units?.find(({ service }) => service === name);
    };

    it("keep their containers when another is deployed: the plan says so, every look afterwards finds them sound", async () => {
      const former = await ids();
      await app.change({ version: "2" });
      assert.match((await must(0, "plan")).output, /kept as they run, since nothing of them differs: worker"/);
      const run = await must(0, "deploy");
      const now = await ids();
      assert.equal(now["worker"], former["worker"]);
      for (const name of ["web", "proxy"]) assert.notEqual(now[name], former[name], name);
      assert.equal(await textOf(app.url), "2");
      assert.match(run.output, /"step":"switch.units".*"kept":\["[^"]*worker[^"]*"\]/);
      assert.deepEqual([(await unit("worker"))?.["release"], (await unit("worker"))?.["keptBy"]], ["r1", "r2"]);
      assert.deepEqual([(await unit("web"))?.["release"], (await unit("web"))?.["keptBy"]], ["r2", undefined]);
      await must(0, "verify");
      await must(0, "doctor");
      const record = JSON.parse(await readFile(join(app.home, "apps", app.app, "releases/r2/release.json"), "utf8")) as { kept: unknown };
      assert.deepEqual(record.kept, { worker: "r1" });
    });

    it("keep them when a release is taken back, and when one is returned to", async () => {
      const former = await ids();
      await app.change({ version: "3", behaviour: "crashes" });
      assert.equal(finishedOf(await must(1, "deploy")).outcome, "undone");
      assert.equal((await ids())["worker"], former["worker"]);
      assert.equal(await textOf(app.url), "2");
      await must(0, "rollback", "r1");
      assert.equal((await ids())["worker"], former["worker"]);
      assert.equal(await textOf(app.url), "1");
      await must(0, "verify");
      await must(0, "rollback", "r2");
      assert.equal((await ids())["worker"], former["worker"]);
    });

    it("begin anew where they are not well, where it is asked for, and where nothing at all differs", async () => {
      await app.change({ version: "2" });
      const former = await ids();
      await must(0, "deploy");
      const again = await ids();
      for (const name of Object.keys(again)) assert.notEqual(again[name], former[name], name);
      await app.change({ version: "1" });
      await must(0, "deploy", "--recreate");
      assert.notEqual((await ids())["worker"], again["worker"]);
      const stopped = (await ids())["worker"] ?? "";
      await docker("stop", stopped);
      await app.change({ version: "2" });
      await must(0, "deploy");
      assert.notEqual((await ids())["worker"], stopped);
      await must(0, "verify");
    });

    // What dies is the engine, whichever compose it calls; a compose that dies with it: `compose-crash.test.ts`.
    const once = generation === "V1" ? "was done with V2" : false;
    it("run on, the same, wherever the engine is killed, and belong to whichever release is in front then", { skip: once }, async () => {
      const worker = (await ids())["worker"];
      const one = await unit("web");
      await app.change({ version: "1" });
      await must(0, "deploy");
      const journals = join(app.home, "apps", app.app, "deployments");
      const last = finishedOf(await must(0, "rollback")).release;
      assert.equal(last, one?.["release"]);
      const made = (await unit("worker"))?.["release"];
      const newest = (await must(0, "history")).events.at(-1);
      const { deployments } = (newest?.type === "result" ? newest.data : {}) as { deployments: { id: string; action: string }[] };
      const deploy = deployments.find(({ action }) => action === "deploy")?.id ?? "";
      const lines = (await readFile(join(journals, deploy, "journal.jsonl"), "utf8")).trimEnd().split("\n");
      for (const [mode, line] of sampled(boundaries(lines.map((text) => JSON.parse(text) as Line)))) {
        const where = `killed ${mode} line ${line}: ${lines[line - 1]}`;
        const killed = await runProgram({ folder: app.folder, env }, [dyingEngine, mode, String(line)]);
        assert.equal(killed.code, null, `${where}: it did not die\n${killed.output.slice(-2_000)}`);
        await must(0, "recover");
        await must(0, "verify");
        assert.equal((await ids())["worker"], worker, where);
        assert.equal((await unit("worker"))?.["release"], made, where);
        const version = await textOf(app.url);
        assert.ok(version === "1" || version === "2", where);
        if (version === "1") await must(0, "rollback", last);
        assert.equal((await ids())["worker"], worker, where);
      }
    });
  });
}
