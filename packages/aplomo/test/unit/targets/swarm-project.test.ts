import assert from "node:assert/strict";
import { test } from "node:test";
import type { Spec } from "../../../src/targets/swarm/api.ts";
import { asContainer, filesOf, neededBy } from "../../../src/targets/swarm/project.ts";

const spec = (name: string, container: object, networks: object[] = [{ Target: "n1" }]): Spec => ({
  Name: name,
  TaskTemplate: {
    ContainerSpec: { Image: "crm:1", ...container },
    Networks: networks as { Target: string }[],
    Resources: { Limits: { MemoryBytes: 64 } },
  },
  Mode: { Replicated: { Replicas: 2 } },
});
const stacked = (name: string, stack: string, aliases: string[] = []): Spec => ({
  ...spec(name, {}, [{ Target: "n1", Aliases: aliases }]),
  Labels: { "com.docker.stack.namespace": stack },
});

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
    networks: { default: { aliases: ["crm"] } },
    entrypoint: ["/entry"],
    command: ["serve", "$HOME"],
    user: "1000",
    working_dir: "/app",
    healthcheck: { test: ["CMD", "true"], interval: "5000000000ns" },
    mem_limit: 64,
  });
});

test("files that only tasks get are found, each where it is in them", () => {
  const Secrets = [
    { SecretID: "s1", SecretName: "key", File: { Name: "key" } },
    { SecretID: "s2", SecretName: "cert", File: { Name: "/etc/tls/cert.pem" } },
  ];
  const Configs = [
    { ConfigID: "c1", ConfigName: "site", File: { Name: "site.yml" } },
    { ConfigID: "c2", ConfigName: "credentials", Runtime: {} },
  ];
  assert.deepEqual(filesOf(spec("crm", { Secrets, Configs })), [
    { id: "s1", target: "/run/secrets/key" },
    { id: "s2", target: "/etc/tls/cert.pem" },
    { id: "c1", target: "/site.yml" },
  ]);
  assert.deepEqual(filesOf(spec("crm", {})), []);
});

test("what holds them for the container is mounted besides", () => {
  const held = { type: "bind", source: "/engine/s1", target: "/run/secrets/key", read_only: true };
  assert.deepEqual(asContainer(spec("crm", {}), "sha256:1", [held]).volumes, [held]);
});

test("needed is a database, and what a value names as a host in the same project", () => {
  const env = [
    "CACHE=redis://:p@crm_redis:6379/0",
    "QUEUE=q1:9092,queue:9092",
    "NOTE=mail and search",
    "SEARCH=https://crm_search-two/x",
    "API=http://erp_api",
  ];
  const names = (own: Spec, others: Spec[]): string[] => neededBy(own, ["db_of_another"], others).map(({ Name }) => Name);
  const panel = ["crm_redis", "crm_mail", "crm_search", "erp_api", "db_of_another"].map((name) => spec(name, {}));
  assert.deepEqual(names(spec("crm_web", { Env: env }), panel), ["crm_redis", "db_of_another"]);
  const stack = [stacked("crm_kafka", "crm", ["queue"]), stacked("crm_q1", "other", ["q1"]), stacked("crm_mail", "crm", ["mail"])];
  assert.deepEqual(names({ ...stacked("crm_web", "crm"), TaskTemplate: spec("x", { Env: env }).TaskTemplate }, stack), ["crm_kafka"]);
});
