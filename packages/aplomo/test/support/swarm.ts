import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { Secret } from "../../src/base/secret.ts";
import { poll } from "../../src/base/time.ts";
import type { Config } from "../../src/config/config.ts";
import { schema } from "../../src/config/schema.ts";
import { callEngine, readTasks } from "../../src/host/engine.ts";
import { local } from "../../src/host/local.ts";
import { freePort } from "../../src/targets/pm2/listening.ts";
import { openSwarm } from "../../src/targets/swarm/swarm.ts";
import type { Rig } from "../contract/target.suite.ts";
import { answerOf, buildFixture } from "./compose.ts";
import { whyNoLab } from "./lab.ts";
import { need } from "./need.ts";

const manager = process.env["APLOMO_LAB_SWARM_DOCKER_HOST"] ?? "";
const registry = process.env["APLOMO_LAB_REGISTRY"] ?? "";
const engine = process.env["DOCKER_HOST"] ?? "";

/** Why a test that needs the lab's swarm cannot run. */
export async function whyNoSwarm(): Promise<string | undefined> {
  const lab = whyNoLab();
  if (lab !== undefined) return lab;
  const up = await local.attempt({ argv: ["docker", "-H", manager, "node", "ls"], timeout: 10_000 });
  return need(up.code === 0, "the lab's swarm is not up: script/lab up registry swarm") || undefined;
}

/** Docker as a person calls it on the manager. */
export async function onManager(...args: string[]): Promise<string> {
  return (await local.run({ argv: ["docker", "-H", manager, ...args], timeout: 120_000 })).stdout.trim();
}

/** The lab's own engine, where images are built. */
export async function onEngine(...args: string[]): Promise<string> {
  return (await local.run({ argv: ["docker", "-H", engine, ...args], timeout: 120_000 })).stdout.trim();
}

/** What rehearsals of applications whose names begin so have on the manager: containers, networks, volumes, and who holds secrets for them. */
export async function leftOfRehearsals(app: string): Promise<string[]> {
  const holders = await onManager("service", "ls", "--quiet", "--filter", "label=aplomo.holder");
  const named = ["--format", "{{.Name}}"];
  const lists = await Promise.all([
    onManager("ps", "--all", "--format", "{{.Names}}"),
    onManager("network", "ls", ...named),
    onManager("volume", "ls", ...named),
    // Another test's may end meanwhile.
    ...holders
      .split("\n")
      .map((id) => onManager("service", "inspect", "--format", '{{index .Spec.Labels "aplomo.holder"}}', id).catch(() => "")),
  ]);
  return lists.flatMap((list) => list.split("\n")).filter((name) => name.startsWith(`aplomo-rehearsal-${app}`));
}

export interface SwarmRig extends Rig {
  image: string;
  /** Of this rig alone. */
  folder: string;
  config(): Config;
}

/** A service of its own on the lab's swarm, on the node s1, with a port of that node; it has no task until it is started. */
export async function swarmRig(
  options: { target?: Record<string, unknown>; settings?: Record<string, unknown>; create?: string[]; folder?: string } = {},
): Promise<SwarmRig> {
  const app = `t${randomBytes(5).toString("hex")}`;
  const home = options.folder ?? (await mkdtemp(join(tmpdir(), "aplomo-swarm-")));
  const port = await freePort();
  const image = `${registry}/aplomo-test/${app}:latest`;
  const url = `http://172.30.0.11:${port}`;
  let environment: Record<string, string> = {};
  let made = false;
  // Read at each call: what is under test speaks to the manager.
  process.env["DOCKER_HOST"] = manager;

  const config = (): Config => ({
    file: join(home, "aplomo.yml"),
    directory: home,
    settings: v.parse(schema, {
      app,
      target: { kind: "swarm", service: app, image, replicas: 1, start_timeout: "60s", ...options.target },
      health: { port: 3000, watch: "5s" },
      ...options.settings,
    }),
    environment: new Map(Object.entries(environment).map(([name, value]) => [name, { value: new Secret(value), origin: "app.env" }])),
  });
  return {
    app,
    url,
    image,
    folder: home,
    config,
    open: async () =>
      openSwarm({ host: local, emit: () => {}, signal: new AbortController().signal, home, now: () => new Date() }, config()),
    async change({ version, behaviour = "good", env }) {
      process.env["DOCKER_HOST"] = engine;
      const tag = await buildFixture(version).finally(() => (process.env["DOCKER_HOST"] = manager));
      await onEngine("tag", tag, image);
      await onEngine("push", "--quiet", image);
      const { BEHAVIOUR: _before, ...kept } = environment;
      environment = { ...(env ?? kept), BEHAVIOUR: behaviour };
      if (made) return;
      made = true;
      const where = [
        "--constraint",
        "node.hostname==s1",
        "--publish",
        `mode=host,published=${port},target=3000`,
        "--stop-grace-period",
        "3s",
        "--limit-memory",
        "256M",
      ];
      await onManager("service", "create", "--detach", "--quiet", "--name", app, "--replicas", "0", ...(options.create ?? where), image);
    },
    async startByHand() {
      const env = Object.entries(environment).flatMap(([name, value]) => ["--env-add", `${name}=${value}`]);
      await onManager("service", "update", "--detach", "--quiet", "--image", image, "--replicas", "1", ...env, app);
      await answerOf(url);
    },
    async release(id) {
      const path = join(home, "releases", id);
      await mkdir(path, { recursive: true, mode: 0o700 });
      return { id, path };
    },
    damage: (release) => writeFile(join(release.path, "service.json"), "{}"),
    async kill(unit) {
      const id = await onManager("ps", "--quiet", "--filter", `label=com.docker.swarm.task.id=${unit.id}`);
      await onManager("kill", "--signal", "KILL", id);
    },
    async close() {
      if (!made) {
        await rm(home, { recursive: true, force: true });
        return;
      }
      made = false;
      await onManager("service", "rm", app).catch(() => "");
      const gone = async (): Promise<true | undefined> => {
        const { body } = await callEngine(readTasks(app), manager);
        const ids = await onManager("ps", "--quiet", "--filter", `label=com.docker.swarm.service.name=${app}`);
        return ids === "" && !body.toString().startsWith("[{") ? true : undefined;
      };
      await poll(gone, { limit: 20_000, every: 300 });
      await onEngine("rmi", image).catch(() => "");
      process.env["DOCKER_HOST"] = engine;
      await rm(home, { recursive: true, force: true });
    },
  };
}
