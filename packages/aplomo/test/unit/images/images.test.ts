import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, it } from "node:test";
import { judgeSource } from "../../../src/deploy/source-checks.ts";
import { withLogin } from "../../../src/host/login.ts";
import { imagesToDeploy, writeBuilt, type Built } from "../../../src/images/record.ts";
import { labelsOf, tagOf } from "../../../src/images/recipe.ts";
import { complaints, compose, load, pm2 } from "../config/folder.ts";

const commit = "ab12cd34ef56ab12cd34ef56ab12cd34ef56ab12";
const digest = `sha256:${"0".repeat(64)}`;
let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "aplomo-images-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

it("an image is called after version and commit, and by the time where these do not say all", () => {
  assert.equal(tagOf({ commit, dirty: false, version: "1.4.0" }, "now"), "1.4.0-ab12cd34ef56");
  assert.equal(tagOf({ commit, dirty: true, version: "1.4.0+x/y" }, "now"), "1.4.0_x_y-ab12cd34ef56-now");
  assert.equal(tagOf({ commit: null, dirty: false, version: null }, "20261122_101500"), "20261122_101500");
  assert.deepEqual(labelsOf({ commit, dirty: true, version: null }), { "org.opencontainers.image.revision": `${commit}-dirty` });
});

it("a registry's login is asked of the client's own credential store, on standard input", async () => {
  const helper = join(folder, "docker-credential-aplomo-test");
  await writeFile(helper, '#!/bin/sh\n[ "$(cat)" = registry.example ] || exit 1\necho \'{"Username":"<token>","Secret":"hunter2"}\'\n');
  await chmod(helper, 0o700);
  const auths = { "elsewhere.example": { auth: Buffer.from("ana:hunter2").toString("base64") } };
  await writeFile(join(folder, "config.json"), JSON.stringify({ auths, credsStore: "aplomo-test" }));
  const former = { PATH: process.env["PATH"], DOCKER_CONFIG: process.env["DOCKER_CONFIG"] };
  Object.assign(process.env, { PATH: `${folder}${delimiter}${former.PATH}`, DOCKER_CONFIG: folder });
  const opened = async (image: string): Promise<unknown> => {
    const { login } = await withLogin({ method: "GET", path: "/" }, image);
    assert.doesNotMatch(JSON.stringify({ login }), /hunter2/);
    return login && (JSON.parse(Buffer.from(login.reveal(), "base64url").toString()) as unknown);
  };
  try {
    assert.deepEqual(await opened("registry.example/a"), { identitytoken: "hunter2", serveraddress: "registry.example" });
    assert.deepEqual(await opened("elsewhere.example/a"), { username: "ana", password: "hunter2", serveraddress: "elsewhere.example" });
    assert.equal(await opened("nobody.example/a"), undefined);
  } finally {
    process.env["PATH"] = former.PATH;
    if (former.DOCKER_CONFIG === undefined) delete process.env["DOCKER_CONFIG"];
    else process.env["DOCKER_CONFIG"] = former.DOCKER_CONFIG;
  }
});

it("a deploy takes what was built last, and what is given instead, by digest alone", async () => {
  const image = (service: string): string => `  ${service}: { build: ., repository: registry.example/${service} }\n`;
  const { settings } = await load({ "aplomo.yml": compose(`images:\n${image("web")}${image("api")}`) });
  const built = (service: string): Built => ({
    service,
    reference: `registry.example/${service}@${digest}`,
    tag: "1",
    platform: "linux/amd64",
    commit,
    dirty: false,
    version: null,
    key: null,
    builtAt: "",
  });
  await mkdir(join(folder, "app"));
  await writeBuilt(join(folder, "app"), [built("web"), built("gone")]);
  await writeBuilt(join(folder, "app"), [built("web")]);
  assert.deepEqual([...(await imagesToDeploy(join(folder, "app"), settings))], [["web", `registry.example/web@${digest}`]]);
  const other = `elsewhere.example/web@${digest}`;
  assert.deepEqual([...(await imagesToDeploy(join(folder, "app"), settings, [`web=${other}`]))], [["web", other]]);
  for (const wrong of ["web", "web=registry.example/web:latest", `=${other}`])
    await assert.rejects(imagesToDeploy(join(folder, "app"), settings, [wrong]), { name: "UsageError" });
});

it("aplomo.yml cannot name images that no target takes, tags, or secrets that would stay in them", async () => {
  const image = "{ build: ., repository: registry.example/web }";
  assert.match((await complaints({ "aplomo.yml": pm2(`images: { web: ${image} }\n`) })).join(), /images\.web is for containers/);
  const swarm = `app: a\ntarget: { kind: swarm, service: crm }\nimages: { web: ${image} }\n`;
  assert.match((await complaints({ "aplomo.yml": swarm })).join(), /images\.web is not target\.service\. Call it crm/);
  const tagged = compose("images: { web: { build: ., repository: registry.example/web:1 } }\n");
  assert.match((await complaints({ "aplomo.yml": tagged })).join(), /without a tag/);
  const secret = compose("images: { web: { build: ., repository: r.example/web, args: { NPM_TOKEN: x1 } } }\n");
  assert.match((await complaints({ "aplomo.yml": secret })).join(), /NPM_TOKEN stays readable in the image/);
});

it("a checkout is judged: committed, in step, raised", () => {
  const state = { author: "ana", commit, dirty: false, appVersion: "1.4.0" };
  const step = { upstream: "origin/main", ahead: 0, behind: 0 };
  const checks = (...args: Parameters<typeof judgeSource>): string[] => judgeSource(...args).map(({ check }) => check);
  assert.deepEqual(checks(state, step, "1.3.0"), []);
  assert.deepEqual(checks({ ...state, dirty: true }, { ...step, ahead: 2, behind: 1 }, "1.4.0"), ["clean", "pushed", "pushed", "raised"]);
  assert.deepEqual(checks({ ...state, appVersion: null }, null, null), ["pushed"]);
});
