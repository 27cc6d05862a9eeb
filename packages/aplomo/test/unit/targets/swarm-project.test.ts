import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service, Spec } from "../../../src/targets/swarm/api.ts";
import { asContainer, keptFromOthers, neededBy } from "../../../src/targets/swarm/project.ts";

const spec = (name: string, container: object, networks: object[] = [{ Target: "n1" }]): Spec => ({
  Name: name,
  TaskTemplate: {
    ContainerSpec: { Image: "crm:1", ...container },
    Networks: networks as { Target: string }[],
    Resources: { Limits: { MemoryBytes: 64 } },
  },
  Mode: { Replicated: { Replicas: 2 } },
});
const service = (name: string, networks?: object[]): Service => ({ ID: name, Version: { Index: 1 }, Spec: spec(name, {}, networks) });

test("a task becomes a container with what its image is started with, and nothing of the swarm's", () => {
  const container = asContainer(
    spec("crm", {
      Command: ["/entry"],
      Args: ["serve", "$HOME"],
      Env: ["A=1", "B=x=y"],
      User: "1000",
      Groups: [],
      Dir: "/app",
      Healthcheck: { Test: ["CMD", "true"], Interval: 5e9 },
      Mounts: [
        { Type: "volume", Source: "uploads", Target: "/uploads" },
        { Type: "bind", Source: "/etc/crm", Target: "/conf", ReadOnly: true },
      ],
    }),
    "sha256:1",
    ["crm", "web"],
  );
  assert.deepEqual(container, {
    image: "sha256:1",
    environment: { A: "1", B: "x=y" },
    labels: {},
    depends_on: {},
    volumes: [
      { type: "volume", source: "uploads", target: "/uploads" },
      { type: "bind", source: "/etc/crm", target: "/conf", read_only: true },
    ],
    networks: { default: { aliases: ["crm", "web"] } },
    entrypoint: ["/entry"],
    command: ["serve", "$HOME"],
    user: "1000",
    working_dir: "/app",
    healthcheck: { test: ["CMD", "true"], interval: "5000000000ns" },
    mem_limit: 64,
  });
});

test("files that only tasks get are named", () => {
  assert.deepEqual(keptFromOthers(spec("crm", { Secrets: [{ SecretName: "key" }], Configs: [{ ConfigName: "site" }] })), [
    "secret key",
    "config site",
  ]);
  assert.deepEqual(keptFromOthers(spec("crm", {})), []);
});

test("needed is a database, and what a value names as a host in a network that both are in", () => {
  const own = spec("crm", {
    Env: ["CACHE=redis://:p@crm_redis:6379/0", "QUEUE=q1:9092,queue:9092", "NOTE=mail and search", "SEARCH=https://search-two/x"],
  });
  const others = [
    service("crm_redis"),
    service("kafka", [{ Target: "n1", Aliases: ["queue"] }]),
    service("mail"),
    service("search"),
    service("crm_db", [{ Target: "n2" }]),
    service("q1", [{ Target: "n2" }]),
  ];
  assert.deepEqual(
    neededBy(own, ["crm_db"], others).map(({ ID }) => ID),
    ["crm_redis", "kafka", "crm_db"],
  );
});
