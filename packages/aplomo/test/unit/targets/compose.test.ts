import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as v from "valibot";
import { schema, type Settings } from "../../../src/config/schema.ts";
import { environmentDifferences } from "../../../src/targets/compose/differences.ts";
import { findFallbacks } from "../../../src/targets/compose/fallbacks.ts";
import { freezeBeside, freezeJobs, freezeUnits, tagOf, type About, type Frozen } from "../../../src/targets/compose/freeze.ts";
import { refuseForeign } from "../../../src/targets/compose/images.ts";
import { inOrder } from "../../../src/targets/compose/logs.ts";
import { mountsOf, parseProject, writeProject, type Service } from "../../../src/targets/compose/model.ts";
import { fileRefusals } from "../../../src/targets/compose/refusals.ts";
import { unsetVariables } from "../../../src/targets/compose/render.ts";
import { dataFolders, mountOf, whyLost } from "../../../src/targets/compose/rooms.ts";
import { otherChanges } from "../../../src/targets/compose/stage.ts";
import { partsOf } from "../../../src/targets/compose/services.ts";

const settings = (more: Record<string, unknown> = {}, target: Record<string, unknown> = {}): Settings =>
  v.parse(schema, { app: "agenda", target: { kind: "compose", ...target }, ...more });

const project = parseProject(`
services:
  web:
    image: agenda:latest
    build: {context: /srv}
    command: [node, server.js, $$literal]
    depends_on: {db: {condition: service_healthy}, cache: {condition: service_started}, api: {condition: service_healthy}}
    environment: {TOKEN: p$$w, PORT: 3000, UNSET: null}
    labels: ["traefik.enable=true"]
    links: [db, api]
    ports: [{target: 3000, published: 80}]
    networks: {default: {ipv4_address: 10.0.0.5}}
    restart: always
    pull_policy: always
  api: {image: agenda-api, restart: always}
  db: {image: "postgres:17", volumes: ["data:/var/lib/postgresql/data:rw"]}
  cache: {image: "redis:7", profiles: [extra]}
  tool: {image: agenda:latest, profiles: [tools], command: sh}
volumes: {data: {}}
version: "3.9"
`);

const about: About = {
  app: "agenda",
  project: "agenda",
  release: "r7",
  deployed: ["web", "api"],
  images: Object.fromEntries(["web", "api", "tool"].map((name) => [name, { id: `sha256:${name}`, reference: name, digest: null }])),
  adopted: [],
  notes: [],
};

describe("compose, without an engine", () => {
  test("services play their parts: databases and what is depended on are started, profiles are the user's, jobs need their image", () => {
    const databases = { main: { engine: "postgres", service: "db" } };
    const parts = partsOf(project, settings({ databases, migrate: { run: ["true"], service: "tool", database: "main" } }));
    assert.deepEqual(parts, { deployed: ["web", "api"], jobs: ["tool"], supporting: ["db", "cache"], oneShot: [], missing: [] });
    const chosen = partsOf(project, settings({ databases }, { services: ["web", "gone"] }));
    assert.deepEqual([chosen.deployed, chosen.supporting, chosen.missing], [["web"], ["db", "cache", "api"], ["gone"]]);
  });

  test("a service beside itself has a port of loopback, its name for the others, and no label by which a Traefik would send requests early", () => {
    const own = freezeBeside(freezeUnits(project, about), "web", [20_001], 3000).services["web-r7"];
    assert.deepEqual(own?.ports, ["127.0.0.1:20001:3000"]);
    assert.deepEqual(
      Object.keys(own?.labels ?? {}).filter((name) => name.startsWith("traefik")),
      [],
    );
    assert.deepEqual(own?.networks, { default: { aliases: ["web"] } });
  });

  test("a frozen release has images by id, its labels, the values as they are, and needs no other service", () => {
    const web = freezeUnits(project, about).services["web"];
    assert.equal(web?.image, "sha256:web");
    assert.deepEqual(web?.environment, { TOKEN: "p$w", PORT: "3000" });
    assert.deepEqual(Object.keys(web?.depends_on ?? {}), ["api"]);
    assert.deepEqual(web?.links, ["api"]);
    assert.deepEqual(web?.labels, { "traefik.enable": "true", "aplomo.app": "agenda", "aplomo.release": "r7" });
    for (const key of ["build", "pull_policy", "profiles"]) assert.ok(!(key in (web ?? {})), key);
  });

  test("of a release whose code stays, everything but the environment must be as it was", () => {
    const before: Frozen = { ...parseProject(writeProject(freezeUnits(project, about))), "x-aplomo": about };
    const { web } = project.services;
    assert.ok(web);
    const having = (more: Partial<Service>): string[] =>
      otherChanges({ ...project, services: { ...project.services, web: { ...web, ...more } } }, before);
    assert.deepEqual(having({ environment: { TOKEN: "another", NEW: "1" } }), []);
    assert.deepEqual(having({ image: "agenda:2" }), []);
    assert.deepEqual(having({ command: ["node", "other.js"], ports: [{ target: 3000, published: 81 }] }), ["web: command, ports"]);
    assert.deepEqual(having({ mem_limit: "1g" }), ["web: mem_limit"]);
  });

  test("an image for other machines is refused, unless its service names a platform", () => {
    const engine = { Version: "28", Os: "linux", Arch: "amd64" };
    const { web } = project.services;
    assert.ok(web);
    refuseForeign("web", web, { Os: "linux", Architecture: "amd64" }, engine);
    const foreign = { Os: "linux", Architecture: "arm64" };
    assert.throws(() => refuseForeign("web", web, foreign, engine), /it is for linux\/arm64, and this server is linux\/amd64/);
    refuseForeign("web", { ...web, platform: "linux/arm64" }, foreign, engine);
  });

  test("a default for a variable of the contract is found at its line, and nothing else", () => {
    const text = [
      "services:",
      "  web:",
      "    environment:",
      "      SECRET: ${SECRET:-dev-secret}",
      "      # SECRET: ${SECRET:-dev-secret}",
      "      URL: http://${HOST-localhost}:${PORT:-3000}/$${SECRET:-x}",
      "      OTHER: ${SECRET:?must be set} ${SECRET:-} ${FREE:-1}",
    ].join("\n");
    const found = findFallbacks(text, "compose.yml", new Set(["SECRET", "HOST", "PORT"]));
    assert.deepEqual(
      found.map(({ origin, variable, rule }) => `${origin} ${variable} ${rule}`),
      ["compose.yml:4 SECRET fallback", "compose.yml:6 HOST fallback", "compose.yml:6 PORT fallback"],
    );
    assert.ok(found.every(({ message, hint }) => !`${message}${hint}`.includes("dev-secret")));
  });

  test("a job has neither ports nor routes nor fixed addresses, and no health check that could end it", () => {
    const { web, tool } = freezeJobs(project, about).services;
    assert.ok(tool);
    assert.deepEqual(web?.labels, { "aplomo.app": "agenda", "aplomo.release": "r7" });
    assert.deepEqual(web?.networks, { default: null });
    assert.deepEqual(web?.healthcheck, { disable: true });
    for (const key of ["ports", "restart", "depends_on", "links"]) assert.ok(!(key in web), key);
  });

  test("what is written comes back as it was, dollars included", () => {
    const values = { services: { web: { image: "a", environment: { A: "$", B: "$$", C: "${HOME}", D: "a$b$$c", E: "line\nline" } } } };
    const text = writeProject(values);
    assert.doesNotMatch(text, /[^$]\$(\$\$)*[^$]/);
    assert.deepEqual(parseProject(text).services["web"]?.environment, values.services.web.environment);
  });

  test("an image's own name in a release is a valid one, whatever the service is called", () => {
    assert.equal(tagOf("agenda", "web", "r1"), "aplomo.local/agenda/web:r1");
    assert.match(tagOf("agenda", "Web_Server", "r1"), /^aplomo\.local\/agenda\/x[0-9a-f]+:r1$/);
    assert.notEqual(tagOf("agenda", "Web", "r1"), tagOf("agenda", "web", "r1"));
  });

  test("variables that are set nowhere are read from what either compose says", () => {
    const said = 'time="x" level=warning msg="The \\"SECRET\\" variable is not set. Defaulting"\nThe TOKEN variable is not set. Defaulting';
    assert.deepEqual(unsetVariables(said), ["SECRET", "TOKEN"]);
  });

  test("data is safe on a named volume or a folder that stays, and nowhere else", () => {
    const service = project.services["db"];
    assert.ok(service);
    assert.deepEqual(dataFolders(service, undefined), ["/var/lib/postgresql/data"]);
    const at = (text: string): string | null =>
      whyLost(mountOf(mountsOf({ ...service, volumes: [text] }), "/var/lib/postgresql/data/pgdata"), "/var/lib/aplomo");
    assert.equal(at("data:/var/lib/postgresql/data"), null);
    assert.equal(at("/srv/pg:/var/lib/postgresql"), null);
    assert.match(at("/var/lib/postgresql/data") ?? "", /anonymous/);
    assert.match(at("data:/var/lib/postgresql-other") ?? "", /inside the container/);
    assert.match(at("/var/lib/aplomo/apps/x:/var/lib/postgresql/data") ?? "", /come and go/);
    assert.match(at("/tmp/pg:/var/lib/postgresql/data") ?? "", /restart of the machine/);
  });

  test("refusals say what to do next", () => {
    const parts = partsOf(project, settings({}, { services: ["web", "gone"] }));
    const found = fileRefusals({ project, parts, unset: ["SECRET_KEY"] }, { TOKEN: "$other" });
    assert.equal(found.length, 3);
    for (const { message, hint } of found) assert.ok(message && hint.endsWith("."));
    assert.match(found.map(({ message }) => message).join("\n"), /gone[\s\S]*SECRET_KEY[\s\S]*TOKEN/);
  });

  test("differences name variables and never values", () => {
    const said = environmentDifferences({ A: "1", B: "secret-one", C: "1" }, { A: "1", B: "secret-two", D: "1" });
    assert.deepEqual(said, ["variable B has another value", "variable C is missing", "variable D is not meant to be there"]);
  });

  test("lines of both streams are told in the order they were said", () => {
    const at = (second: number, text: string): string => `2026-11-22T15:00:0${second}.000000000Z ${text}\n`;
    assert.deepEqual(inOrder(at(1, "a") + at(3, "c"), at(2, "b b")), ["a", "b b", "c"]);
  });
});
