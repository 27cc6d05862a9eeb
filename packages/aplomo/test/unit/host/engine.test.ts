import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as engine from "../../../src/host/engine.ts";
import { loginFor } from "../../../src/host/login.ts";
import { framesOf } from "../../../src/targets/swarm/logs.ts";
import { environmentOf, nameOf, pinned, specFor, toBeside, toRest, toStart } from "../../../src/targets/swarm/spec.ts";
import { unitsOf } from "../../../src/targets/swarm/tasks.ts";
import type { Spec, Task } from "../../../src/targets/swarm/api.ts";

/** One call of every builder there is. */
const built: Record<string, engine.EngineCall> = {
  engineInfo: engine.engineInfo(),
  readService: engine.readService("crm_web"),
  readServices: engine.readServices(),
  readNodes: engine.readNodes(),
  readTasks: engine.readTasks("crm"),
  readDistribution: engine.readDistribution("registry.example/crm:1"),
  readNetwork: engine.readNetwork("crm_default"),
  besideName: { method: "GET", path: engine.besideName("crm_web", "r2") },
  readBeside: engine.readBeside("crm_web"),
  createBeside: engine.createBeside("crm_web", "r2", {}),
  removeBeside: engine.removeBeside("crm_web", "r2"),
  updateService: engine.updateService("crm", 7, {}),
  createJob: engine.createJob("crm-d1", { Name: "crm" }),
  readJobTasks: engine.readJobTasks("crm-d1"),
  removeJob: engine.removeJob("crm-d1"),
  createHolder: engine.createHolder("aplomo-rehearsal-crm-1", "abc", { Name: "crm" }),
  readHolders: engine.readHolders("aplomo-rehearsal-crm-1"),
  readHolderTasks: engine.readHolderTasks("abc"),
  removeHolder: engine.removeHolder("abc"),
  holderOf: { method: "GET", path: engine.holderOf("aplomo-holder-abc") },
  readContainer: engine.readContainer("c1"),
  readUsage: engine.readUsage("c1"),
  readTaskLogs: engine.readTaskLogs("t1", 40),
};

describe("calls of the engine", () => {
  test("every builder is under this test", () => {
    const all = Object.entries(engine).filter(
      ([name, value]) => typeof value === "function" && !["callEngine", "LateError"].includes(name),
    );
    assert.deepEqual(Object.keys(built).sort(), all.map(([name]) => name).sort());
  });

  for (const [name, { method, path }] of Object.entries(built)) {
    test(`${name} can destroy nothing`, () => {
      assert.doesNotMatch(path, /prune|volumes|\.\./);
      if (method === "DELETE") assert.match(path, /\/services\/(aplomo-job-|aplomo-holder-|[\w-]+-aplomo-r\d+$)/);
      if (method === "POST") assert.match(path, /\/services\/(create$|[\w-]+\/update\?)/);
    });
  }
});

describe("a login", () => {
  const config = JSON.stringify({
    auths: {
      "reg.example:5000": { auth: Buffer.from("lab:pa:ss").toString("base64") },
      "https://index.docker.io/v1/": { identitytoken: "t" },
    },
  });
  const told = (image: string): unknown => {
    const login = loginFor(config, image);
    return login && JSON.parse(Buffer.from(login.reveal(), "base64url").toString());
  };

  test("is the one of the image's registry, and never shown", () => {
    assert.deepEqual(told("reg.example:5000/crm@sha256:1"), { username: "lab", password: "pa:ss", serveraddress: "reg.example:5000" });
    assert.deepEqual(told("team/crm:2"), { identitytoken: "t", serveraddress: "https://index.docker.io/v1/" });
    assert.equal(told("other.example/crm"), undefined);
    assert.equal(JSON.stringify({ login: loginFor(config, "team/crm") }), '{"login":"[secret]"}');
  });
});

const present: Spec = {
  Name: "crm",
  Labels: { "aplomo.variables": "OLD,KEEP", "panel.id": "4" },
  TaskTemplate: { ContainerSpec: { Image: "crm:1", Env: ["OLD=1", "KEEP=2", "THEIRS=3"] }, Networks: [{ Target: "n1" }] },
  Mode: { Replicated: { Replicas: 2 } },
  UpdateConfig: { Parallelism: 2, Monitor: 1, FailureAction: "rollback", MaxFailureRatio: 1, Order: "start-first" },
};

describe("a swarm's release", () => {
  const meant = specFor({ present, release: "r2", image: "crm@sha256:1", variables: { KEEP: "5" }, replicas: 2 });

  test("has the panel's own settings, and of Aplomo's variables those of this release alone", () => {
    const { ContainerSpec, Networks } = meant.TaskTemplate;
    assert.deepEqual(environmentOf(ContainerSpec.Env), { THEIRS: "3", KEEP: "5", APLOMO_RELEASE: "r2" });
    assert.deepEqual([Networks, meant.Labels?.["panel.id"], ContainerSpec.Image], [[{ Target: "n1" }], "4", "crm@sha256:1"]);
  });

  test("never lets the swarm roll back, and stops first where two tasks cannot share a port", () => {
    const options = { release: "r2", start: "1", monitorMs: 60_000, progressive: true };
    const started = toStart(meant, options);
    assert.deepEqual(started.UpdateConfig, {
      Parallelism: 2,
      Monitor: 60e9,
      FailureAction: "pause",
      MaxFailureRatio: 0,
      Order: "start-first",
    });
    assert.deepEqual(started.RollbackConfig?.FailureAction, "pause");
    const ports = { EndpointSpec: { Ports: [{ TargetPort: 3000, PublishedPort: 80, PublishMode: "host" as const }] } };
    assert.equal(toStart({ ...meant, ...ports }, options).UpdateConfig?.Order, "stop-first");
  });

  test("stands beside the service without its ports and its stack, found by its name, and known as Aplomo's at every start", () => {
    const stack = { ...meant, Labels: { ...meant.Labels, "com.docker.stack.namespace": "crm" } };
    const own = toBeside({ ...stack, EndpointSpec: { Mode: "vip", Ports: [{ TargetPort: 3000, PublishedPort: 80 }] } }, "r2");
    assert.equal(own.Name, "crm-aplomo-r2");
    assert.deepEqual(own.Labels, { "aplomo.beside": "crm", "panel.id": "4" });
    assert.deepEqual(own.TaskTemplate.Networks, [{ Target: "n1", Aliases: ["crm"] }]);
    assert.deepEqual(own.EndpointSpec, { Mode: "vip" });
  });

  test("notes how many tasks it had when it rests", () => {
    const rest = toRest(meant);
    assert.deepEqual([rest.Mode, rest.Labels?.["aplomo.replicas"]], [{ Replicated: { Replicas: 0 } }, "2"]);
  });

  test("is not replaced progressively while it is being stabilised", () => {
    const started = toStart(meant, { release: "r2", start: "1", monitorMs: 1, progressive: false });
    assert.deepEqual([started.UpdateConfig?.Order, started.UpdateConfig?.Parallelism], ["stop-first", 0]);
    const next = specFor({ present: started, release: "r3", image: "crm@sha256:2", variables: {}, replicas: 2 });
    assert.deepEqual(next.UpdateConfig, present.UpdateConfig, "what the service had of its own is not forgotten");
    assert.equal(next.Labels?.["aplomo.update"], undefined);
  });

  test("knows an image's name from a registry's port", () => {
    assert.equal(nameOf("10.0.0.1:5000/crm"), "10.0.0.1:5000/crm");
    assert.equal(pinned("10.0.0.1:5000/crm:2@sha256:9", "sha256:1"), "10.0.0.1:5000/crm@sha256:1");
  });
});

describe("tasks", () => {
  const task = (ID: string, slot: number, start: string, state: string, desired: string, code?: number): Task => ({
    ID,
    Slot: slot,
    NodeID: "n1",
    CreatedAt: `2026-11-22T10:00:0${ID.slice(1)}Z`,
    Spec: { ContainerSpec: { Image: "crm", Labels: { "aplomo.release": start === "1" ? "r1" : "r2", "aplomo.start": start } } },
    DesiredState: desired,
    Status: { State: state, Timestamp: "2026-11-22T10:01:00Z", ...(code === undefined ? {} : { ContainerStatus: { ExitCode: code } }) },
  });
  const about = { service: "crm", adopted: null, port: 3000, nodes: new Map([["n1", "10.0.0.1"]]) };
  const said = (...tasks: Task[]): string[] =>
    unitsOf(tasks, about).map(({ id, release, state, restarts, exitCode }) => [id, release, state, restarts, exitCode].join(" "));

  test("that ended with 0 and were begun anew count as restarts, those of an earlier start do not", () => {
    const all = [
      task("t1", 1, "1", "failed", "shutdown", 1),
      task("t2", 1, "2", "complete", "shutdown", 0),
      task("t3", 1, "2", "running", "running"),
    ];
    assert.deepEqual(said(...all), ["t3 r2 running 1 0"]);
  });

  test("of both releases are told while an update is paused", () => {
    assert.deepEqual(said(task("t1", 1, "1", "running", "running"), task("t2", 1, "2", "failed", "shutdown", 3)), [
      "t1 r1 running 0 ",
      "t2 r2 failed 0 3",
    ]);
  });

  test("that were asked to stop are nobody's units", () => assert.deepEqual(said(task("t1", 1, "1", "shutdown", "shutdown", 0)), []));

  test("say where they are reached when they have a port of their node", () => {
    const one = task("t1", 1, "1", "running", "running");
    one.Status.PortStatus = { Ports: [{ TargetPort: 3000, PublishedPort: 8080, PublishMode: "host" }] };
    assert.deepEqual(unitsOf([one], about)[0]?.address, { host: "10.0.0.1", port: 8080 });
  });

  test("say how an edge in their network reaches them", () => {
    const one = task("t1", 1, "1", "running", "running");
    one.NetworksAttachments = [{ Network: { Spec: { Name: "front" } }, Addresses: ["10.0.1.7/24"] }];
    assert.deepEqual(unitsOf([one], { ...about, home: "crm-aplomo-r1", network: "front" })[0]?.overlay, {
      own: { host: "10.0.1.7", port: 3000 },
      shared: { host: "tasks.crm-aplomo-r1", port: 3000 },
    });
  });

  test("say what they said in frames of both streams", () => {
    const frame = (stream: number, text: string): Buffer =>
      Buffer.concat([Buffer.from([stream, 0, 0, 0, 0, 0, 0, text.length]), Buffer.from(text)]);
    assert.deepEqual(framesOf(Buffer.concat([frame(1, "a\n"), frame(2, "b\n")])), ["a\n", "b\n"]);
  });
});
