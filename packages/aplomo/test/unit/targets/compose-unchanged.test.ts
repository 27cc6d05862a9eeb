import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { freezeUnits, type About, type Frozen } from "../../../src/targets/compose/freeze.ts";
import { parseProject, writeProject, type Project, type Service } from "../../../src/targets/compose/model.ts";
import { keptMarks, sameServices, withoutDependents } from "../../../src/targets/compose/unchanged.ts";
import { isOf } from "../../../src/targets/kept.ts";

const services = `
services:
  web: {image: web, environment: {A: "1"}, depends_on: {api: {condition: service_started}}}
  api: {image: api, environment: {TOKEN: p$$w}}
  worker: {image: worker}
networks: {default: {name: x}}
`;
const project = parseProject(services);
const deployed = ["web", "api", "worker"];
const pin = (id: string): About["images"][string] => ({ id: `sha256:${id}`, reference: id, digest: null });
const images = { web: pin("web"), api: pin("api"), worker: pin("worker") };
const about: About = { app: "shop", project: "shop", release: "r7", deployed, images, kept: { worker: "r5" }, adopted: [], notes: [] };
/** As a release's file has it: with marks, read back. */
const marked = Object.fromEntries(
  Object.entries(project.services).map(([name, service]): [string, Service] => [
    name,
    { ...service, environment: { ...service.environment, APLOMO_RELEASE: about.kept?.[name] ?? "r7" } },
  ]),
);
const before: Frozen = { ...parseProject(writeProject(freezeUnits({ ...project, services: marked }, about))), "x-aplomo": about };

const having = (name: string, more: Partial<Service>): Project => {
  const service = project.services[name];
  assert.ok(service);
  return { ...project, services: { ...project.services, [name]: { ...service, ...more } } };
};

describe("services that a release leaves as they run", () => {
  test("are the same when only the mark of a release differs", () => {
    assert.deepEqual(sameServices(project, { deployed, images }, before), deployed);
  });

  test("differ by image, environment, definition, and by what the project says of networks and volumes", () => {
    const same = (of: Project, next = { deployed, images }): string[] => sameServices(of, next, before);
    assert.deepEqual(same(project, { deployed, images: { ...images, api: pin("other") } }), ["web", "worker"]);
    assert.deepEqual(same(having("api", { environment: { TOKEN: "q" } })), ["web", "worker"]);
    assert.deepEqual(same(having("worker", { command: ["node", "w.js"] })), ["web", "api"]);
    assert.deepEqual(same({ ...project, networks: { default: { name: "y" } } }), []);
    assert.deepEqual(
      same(having("web", { environment: { A: "1", TOLD: "aplomo-release-to-be" } })),
      ["api", "worker"],
      "it names the release",
    );
    assert.deepEqual(same(project, { deployed: [...deployed, "new"].filter((name) => name !== "new"), images }), deployed);
  });

  test("do not include whoever needs one that is made anew", () => {
    assert.deepEqual(withoutDependents(project, ["web", "worker"]), ["worker"]);
    assert.deepEqual(withoutDependents(project, ["web", "api"]), ["web", "api"]);
    assert.deepEqual(withoutDependents(having("worker", { network_mode: "service:web" }), ["web", "worker"]), []);
    assert.deepEqual(withoutDependents(having("worker", { links: ["api:backend"] }), ["worker"]), []);
    assert.deepEqual(withoutDependents(having("worker", { depends_on: { db: {} } }), ["worker"]), ["worker"], "a database stays");
  });

  test("bear the mark of whoever started them, in the release's file and as units of both", () => {
    assert.equal(before.services["worker"]?.labels["aplomo.release"], "r5");
    assert.equal(before.services["web"]?.labels["aplomo.release"], "r7");
    assert.ok(isOf({ service: "worker", release: "r5" }, { id: "r7", kept: { worker: "r5" } }));
    assert.ok(!isOf({ service: "web", release: "r5" }, { id: "r7", kept: { worker: "r5" } }));
    assert.ok(!isOf({ service: "worker", release: "r4" }, { id: "r7", kept: { worker: "r5" } }));
    assert.ok(!isOf({ service: "worker", release: null }, { id: "r7" }));
  });

  test("nothing is kept when nothing is to be", async () => {
    assert.deepEqual(await keptMarks(undefined, project, { deployed, images }), {});
  });
});
