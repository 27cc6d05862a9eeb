import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, test } from "node:test";
import { poll } from "../../src/base/time.ts";
import type { ReleaseFolder } from "../../src/targets/contract.ts";
import { answerOf, composeFixture, docker, type ComposeFixture } from "../support/compose.ts";
import { whyNoCompose } from "../support/lab.ts";

/** A process that does nothing but start a release, so that it can be killed. */
const errand = `
  const { openCompose } = await import(process.env.DRIVER);
  const { local } = await import(process.env.HOST);
  const { home, config, release, replaced } = JSON.parse(process.env.ERRAND);
  const ctx = { host: local, emit() {}, signal: new AbortController().signal, home, now: () => new Date() };
  await openCompose(ctx, { ...config, environment: new Map() }).start(release, replaced);
`;

for (const generation of ["V2", "V1"] as const) {
  describe(`a start that was killed, compose ${generation}`, { skip: whyNoCompose(generation) ?? false }, () => {
    let fixture: ComposeFixture | undefined;
    afterEach(() => fixture?.close());

    const moments: Record<string, (states: string[]) => boolean> = {
      "before anything happened": () => true,
      "when the new container is made": (states) => states.some((state) => state.startsWith("r2")),
      "when the old container has ended": (states) => !states.includes("r1 running"),
    };
    for (const [moment, isNow] of Object.entries(moments)) {
      test(`${moment}, it is finished by the next start`, async () => {
        process.env["APLOMO_COMPOSE"] = JSON.stringify(
          generation === "V1" ? [process.env["APLOMO_LAB_COMPOSE_V1"]] : ["docker", "compose"],
        );
        const app = (fixture = await composeFixture({ web: { volumes: ["/kept"] } }));
        await app.change({ version: "1", env: { COLOUR: "red" } });
        const [first, second] = [await app.release("r1"), await app.release("r2")];
        await app.open().stage(first);
        await app.open().start(first, null);
        const kept = await anonymousVolume(app);
        await app.change({ version: "2", env: { COLOUR: "blue" } });
        await app.open().stage(second);

        await startAndKill(app, second, first, isNow);
        await app.open().start(second, first);
        assert.equal(await answerOf(app.url), "2");
        assert.equal((await app.containers()).length, 1);
        const [unit] = await app.open().units();
        assert.ok(unit);
        assert.equal(unit.release, "r2");
        assert.deepEqual(await app.open().differences(unit, second), []);
        assert.equal(await anonymousVolume(app), kept, "what the old container kept on an anonymous volume is still there");
        const before = await app.containers();
        await app.open().start(second, first);
        assert.deepEqual(await app.containers(), before);
      });
    }
  });
}

/** Kills the process and the compose it has begun, at a moment that `isNow` recognises by the containers' releases and states. */
async function startAndKill(
  app: ComposeFixture,
  release: ReleaseFolder,
  replaced: ReleaseFolder,
  isNow: (states: string[]) => boolean,
): Promise<void> {
  const env = {
    ...process.env,
    DRIVER: new URL("../../src/targets/compose/compose.js", import.meta.url).href,
    HOST: new URL("../../src/host/local.js", import.meta.url).href,
    ERRAND: JSON.stringify({ home: app.home, config: app.config(), release, replaced }),
  };
  const child = spawn(process.execPath, ["--input-type=module", "--eval", errand], { env, detached: true, stdio: "ignore" });
  const ended = once(child, "exit");
  const reached = await poll(async () => (isNow(await states(app)) || child.exitCode !== null ? true : undefined), {
    limit: 60_000,
    every: 20,
  });
  // The group: the node process and its compose.
  if (child.exitCode === null) process.kill(-(child.pid ?? 0), "SIGKILL");
  await ended;
  assert.ok(reached);
}

async function states(app: ComposeFixture): Promise<string[]> {
  const format = '{{.Label "aplomo.release"}} {{.State}}';
  return (await docker("ps", "--all", "--filter", `label=com.docker.compose.project=${app.app}`, "--format", format)).split("\n");
}

async function anonymousVolume(app: ComposeFixture): Promise<string> {
  const [id = ""] = await app.containers("web");
  return docker("inspect", "--format", "{{range .Mounts}}{{.Name}}{{end}}", id);
}
