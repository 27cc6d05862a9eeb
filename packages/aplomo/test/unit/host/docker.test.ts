import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as compose from "../../../src/host/compose.ts";
import * as docker from "../../../src/host/docker.ts";
import type { Command, Host } from "../../../src/host/run.ts";
import { root } from "../../support/root.ts";

const program: compose.ComposeProgram = { argv: ["docker", "compose"], version: "2.40.3", old: false };
const project = (changes: Partial<compose.ComposeProject> = {}): compose.ComposeProject => ({
  program,
  name: "agenda",
  files: ["/srv/compose.yml", "/srv/production.yml"],
  env: { TOKEN: "hunter2-hunter2" },
  cwd: "/srv",
  ...changes,
});

/** One call or more of every builder there is. */
const built: Record<string, Command[]> = {
  engineVersion: [docker.engineVersion()],
  engineSecurity: [docker.engineSecurity()],
  listContainers: [docker.listContainers(["com.docker.compose.project=agenda"])],
  listPublishing: [docker.listPublishing(80)],
  engineFolder: [docker.engineFolder()],
  inspectContainers: [docker.inspectContainers(["a", "b"])],
  startContainers: [docker.startContainers(["a"])],
  stopContainers: [docker.stopContainers(["a"]), docker.stopContainers(["a", "b"], 30)],
  killContainer: [docker.killContainer("a")],
  removeContainers: [docker.removeContainers(["a", "b"])],
  runContainer: [
    docker.runContainer({
      name: "edge",
      folder: "/var/lib/aplomo/edge",
      image: "caddy:2.11",
      program: "caddy",
      args: ["run"],
      env: { HOME: "/" },
    }),
  ],
  importNothing: [docker.importNothing("aplomo.local/agent:nothing")],
  runFromMachine: [
    docker.runFromMachine({
      name: "aplomo-agent",
      image: "aplomo.local/agent:nothing",
      user: 1000,
      groups: [1000, 998],
      folders: ["/home", "/usr"],
      env: { APLOMO_HOME: "/home/deploy/.local/state/aplomo" },
      labels: { "aplomo.agent": "/home/deploy/.local/state/aplomo" },
      argv: ["/usr/bin/node", "/usr/lib/aplomo.js", "agent", "run"],
    }),
  ],
  execInContainer: [docker.execInContainer("edge", { HOME: "/" }, ["caddy", "version"])],
  createContainer: [docker.createContainer("a", "sha256:1", ["who=me"])],
  copyFromContainer: [docker.copyFromContainer("a", "/app/migrations", "/tmp/x")],
  containerLogs: [docker.containerLogs("a", { tail: 40 }), docker.containerLogs("a", { tail: 40, since: "2026-11-22T15:00:00Z" })],
  containerDeaths: [docker.containerDeaths("a", "1", "2")],
  inspectImages: [docker.inspectImages(["agenda:latest"])],
  pullImage: [docker.pullImage("registry.example/agenda:1")],
  buildxVersion: [docker.buildxVersion()],
  buildImage: [
    docker.buildImage({
      context: "/srv/web",
      dockerfile: "/srv/web/Dockerfile",
      tag: "registry.example/web:1",
      labels: { a: "b" },
      args: ["BASE"],
    }),
  ],
  bakeImage: [
    docker.bakeImage({
      context: "/srv/web",
      file: "/srv/web/docker-bake.hcl",
      target: "web",
      tag: "registry.example/web:1",
      labels: { a: "b" },
      args: ["BASE"],
      platform: "linux/amd64",
    }),
  ],
  saveImage: [docker.saveImage("sha256:1", "/tmp/x")],
  pushImage: [docker.pushImage("registry.example/web:1")],
  tagImage: [docker.tagImage("sha256:1", "aplomo.local/agenda/web:r1")],
  listImageTags: [docker.listImageTags("aplomo.local/agenda/*:r1")],
  removeImageTag: [docker.removeImageTag("aplomo.local/agenda/web:r1")],
  listNetworks: [docker.listNetworks(["com.docker.compose.project=aplomo-rehearsal-agenda"])],
  removeScratchNetworks: [docker.removeScratchNetworks(["aplomo-rehearsal-agenda_default"])],
  removeScratchVolumes: [docker.removeScratchVolumes(["aplomo-rehearsal-agenda_data"])],
  listVolumes: [docker.listVolumes(["com.docker.compose.volume=data"])],
  composeVersion: [compose.composeVersion(["docker-compose"])],
  composeConfig: [compose.composeConfig(project()), compose.composeConfig(project({ envFile: "/srv/.env" }))],
  composeHashes: [compose.composeHashes(project())],
  composeUp: [true, false].map((keep) => compose.composeUp(project(), ["web"], { keep })),
  composeRun: [compose.composeRun(project(), { name: "agenda-job", service: "web", variables: ["TOKEN"], run: ["node", "migrate.js"] })],
};
/** What a rehearsal made may go: the one builder that removes volumes takes no other's. */
const ofRehearsals = new Set(["removeScratchVolumes"]);
const helpers = new Set(["composeEnvironment", "findCompose"]);

describe("commands for docker and compose", () => {
  test("every builder is under this test", () => {
    const all = [...Object.entries(docker), ...Object.entries(compose)].filter(([, value]) => typeof value === "function");
    assert.deepEqual(
      Object.keys(built).sort(),
      all
        .map(([name]) => name)
        .filter((name) => !helpers.has(name))
        .sort(),
    );
  });

  for (const [name, commands] of Object.entries(built)) {
    test(`${name} can destroy nothing, and shows no value`, () => {
      for (const { argv } of commands) {
        const line = argv.join(" ");
        if (ofRehearsals.has(name)) {
          assert.deepEqual(argv.slice(0, 3), ["docker", "volume", "rm"]);
          assert.ok(argv.slice(3).every((volume) => volume.startsWith("aplomo-rehearsal-")));
          continue;
        }
        assert.doesNotMatch(
          line,
          /\bprune\b|\bvolume (rm|remove)\b|\bdown\b|--remove-orphans|--volumes?\b|--renew-anon-volumes|--yes\b/,
          line,
        );
        // After `rm` nothing but names: neither `-v` nor `--force`.
        if (argv.includes("rm"))
          assert.deepEqual(
            argv.slice(argv.indexOf("rm") + 1).filter((arg) => arg.startsWith("-")),
            [],
            line,
          );
        assert.ok(!argv.some((arg) => /^-[a-z]*[vyV][a-z]*$/.test(arg)), line);
        assert.doesNotMatch(line, /hunter2/);
      }
    });
  }

  test("no volume or network but a rehearsal's is removed, whatever a caller believes", () => {
    for (const remove of [docker.removeScratchVolumes, docker.removeScratchNetworks]) {
      for (const names of [["agenda_data"], ["aplomo-rehearsal-agenda_data", "agenda_data"], []]) {
        assert.throws(() => remove(names), /is no rehearsal's/);
      }
    }
  });

  test("nothing of the compose driver speaks to docker but through these", async () => {
    const folder = join(root, "packages/aplomo/src/targets/compose");
    for (const file of await readdir(folder)) {
      const text = await readFile(join(folder, file), "utf8");
      assert.doesNotMatch(text, /argv:|child_process|\.spawn\(|["'](rm|prune|down)["']/, file);
    }
  });

  test("compose sees its project, its files in order and the environment it is given, and nothing of the shell's own settings", () => {
    const command = compose.composeConfig(project({ envFile: "/srv/empty.env" }));
    assert.deepEqual(command.argv.slice(0, 11), [
      "docker",
      "compose",
      "--project-name",
      "agenda",
      "--file",
      "/srv/compose.yml",
      "--file",
      "/srv/production.yml",
      "--env-file",
      "/srv/empty.env",
      "--profile",
    ]);
    assert.equal(command.cleanEnv, true);
    const env = compose.composeEnvironment({
      PATH: "/bin",
      DOCKER_HOST: "unix:///x",
      COMPOSE_REMOVE_ORPHANS: "1",
      COMPOSE_FILE: "other.yml",
      COMPOSE_PROFILES: "all",
      PORT: "1",
    });
    assert.deepEqual(env, { PATH: "/bin", DOCKER_HOST: "unix:///x", COMPOSE_IGNORE_ORPHANS: "true", COMPOSE_ANSI: "never" });
  });

  test("compose is found where it is: the plugin, then the old program, then a hint", async () => {
    const host = (answers: Record<string, string>): Host => ({
      attempt: async ({ argv }) => {
        const stdout = answers[argv.slice(0, -2).join(" ")];
        return { code: stdout === undefined ? 127 : 0, signal: null, timedOut: false, stdout: stdout ?? "", stderr: "", durationMs: 0 };
      },
      run: () => assert.fail(),
      spawn: () => assert.fail(),
    });
    assert.deepEqual(await compose.findCompose(host({ "docker compose": "v5.0.1\n", "docker-compose": "1.29.2" })), {
      argv: ["docker", "compose"],
      version: "5.0.1",
      old: false,
    });
    assert.equal((await compose.findCompose(host({ "docker-compose": "1.29.2\n" }))).old, true);
    assert.deepEqual((await compose.findCompose(host({ "/opt/dc x": "2.1.0" }), '["/opt/dc", "x"]')).argv, ["/opt/dc", "x"]);
    await assert.rejects(compose.findCompose(host({})), (error: Error & { hint?: string }) => /plugin/.test(error.hint ?? ""));
  });
});
