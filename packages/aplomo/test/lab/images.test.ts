import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import type { Event } from "../../src/base/events.ts";
import { loadConfig } from "../../src/config/load.ts";
import { imagesToDeploy } from "../../src/images/record.ts";
import { openCompose } from "../../src/targets/compose/compose.ts";
import { testContext } from "../support/bench.ts";
import { docker } from "../support/compose.ts";
import { whyNoCompose, whyNoRegistry } from "../support/lab.ts";
import { need } from "../support/need.ts";
import { aplomo, type Ended } from "../unit/cli/aplomo.ts";

const run = promisify(execFile);
const registry = process.env["APLOMO_LAB_REGISTRY_PRIVATE"] ?? "";
const skip = whyNoCompose("V2") ?? whyNoRegistry() ?? need(registry !== "", "the lab has no registry with a password");

interface Image {
  service: string;
  reference: string;
  tag: string;
  skipped: boolean;
}

const plugin = process.env["APLOMO_LAB_BUILDX"] ?? "";
const skipBake = whyNoCompose("V2") ?? need(plugin !== "", "the lab has no buildx: script/lab up buildx");

describe("aplomo build, with the buildx plug-in", { skip: skipBake || false }, () => {
  let folder: string;
  const former = process.env["DOCKER_CONFIG"];
  const name = `t${randomBytes(4).toString("hex")}`;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "aplomo-bake-"));
    await mkdir(join(folder, "docker/cli-plugins"), { recursive: true });
    await symlink(plugin, join(folder, "docker/cli-plugins/docker-buildx"));
    process.env["DOCKER_CONFIG"] = join(folder, "docker");
    const images = "{ api: { build: ., bake: docker-bake.hcl, args: { MARK: told } }, web: { build: ., args: { MARK: told } } }";
    await writeFile(join(folder, "aplomo.yml"), `app: ${name}\ntarget: { kind: compose }\nimages: ${images}\n`);
    await writeFile(join(folder, "compose.yml"), "services: { web: { image: x }, api: { image: y } }\n");
    await writeFile(join(folder, "package.json"), '{\n  "version": "1.4.0"\n}\n');
    const stages =
      "FROM scratch AS plain\nARG MARK\nLABEL mark=$MARK\nCOPY package.json /\nFROM plain AS baked\nLABEL how=baked\nFROM plain\n";
    await writeFile(join(folder, "Dockerfile"), stages);
    const bake =
      'target "api" {\n  context = "."\n  target = "baked"\n  tags = ["elsewhere/api:latest"]\n  args = { MARK = "untold" }\n}\n';
    await writeFile(join(folder, "docker-bake.hcl"), bake);
  });
  after(async () => {
    if (former === undefined) delete process.env["DOCKER_CONFIG"];
    else process.env["DOCKER_CONFIG"] = former;
    await rm(folder, { recursive: true, force: true });
  });

  it("builds with the engine's newer builder, and as a bake file says: its target, with Aplomo's name and labels", async () => {
    const { code, stdout } = await aplomo(["build", "--json"], folder);
    assert.equal(code, 0, stdout);
    const result = stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Event)
      .find(({ type }) => type === "result");
    const { images } = (result?.type === "result" ? result.data : {}) as unknown as { images: Image[] };
    const [api, web] = images;
    assert.ok(api && web);
    const labels = async ({ reference }: Image): Promise<Record<string, string>> =>
      JSON.parse(await docker("image", "inspect", reference, "--format", "{{json .Config.Labels}}")) as Record<string, string>;
    try {
      const version = { "org.opencontainers.image.version": "1.4.0", mark: "told" };
      assert.deepEqual(await labels(api), { ...version, how: "baked" });
      assert.deepEqual(await labels(web), version);
      assert.equal(await docker("image", "ls", "--quiet", "elsewhere/api"), "", "its own tag is left out");
    } finally {
      for (const { reference } of images) await docker("rmi", "-f", reference).catch(() => "");
    }
  });
});

/** S5.1: built where there is power, pushed, proven to be there; the server only pulls. */
describe("aplomo build, to a registry with a password", { skip }, () => {
  let folder: string;
  let password: string;
  const former = process.env["DOCKER_CONFIG"];
  const name = `t${randomBytes(4).toString("hex")}`;
  const made = new Set<string>();
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "aplomo-images-"));
    password = (await readFile(process.env["APLOMO_LAB_REGISTRY_PASSWORD_FILE"] ?? "", "utf8")).trim();
    // A login of this test's own; the plug-ins stay where they are.
    const config = join(folder, "docker");
    await mkdir(config);
    const plugins = join(former ?? join(process.env["HOME"] ?? "", ".docker"), "cli-plugins");
    await symlink(plugins, join(config, "cli-plugins"));
    process.env["DOCKER_CONFIG"] = config;
    const images = ["api", "web"].map(
      (one) => `  ${one}: { build: ${one}, repository: "${registry}/${name}/${one}", args: { MARK: "of ${one}" } }\n`,
    );
    await writeFile(join(folder, "aplomo.yml"), `app: ${name}\ntarget: { kind: compose }\nimages:\n${images.join("")}`);
    await writeFile(join(folder, "compose.yml"), "services: { web: { image: x, build: web }, api: { image: y } }\n");
    await writeFile(join(folder, "package.json"), '{\n  "version": "1.4.0"\n}\n');
    await writeFile(join(folder, ".gitignore"), "docker\nhome\n");
    for (const one of ["api", "web"]) {
      await mkdir(join(folder, one));
      await writeFile(join(folder, one, "Dockerfile"), `FROM scratch\nARG MARK\nLABEL mark=$MARK\nCOPY content /\nCMD ["/content"]\n`);
      await writeFile(join(folder, one, "content"), `${one} ${name}`);
    }
    await git("init", "-q");
    await commit();
  });
  after(async () => {
    if (former === undefined) delete process.env["DOCKER_CONFIG"];
    else process.env["DOCKER_CONFIG"] = former;
    for (const reference of made) await docker("rmi", "-f", reference).catch(() => "");
    await rm(folder, { recursive: true, force: true });
  });

  const git = (...args: string[]): Promise<unknown> =>
    run("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args]);
  const commit = async (): Promise<void> => {
    await git("add", "-A");
    await git("commit", "-qm", "x");
  };
  async function build(...args: string[]): Promise<{ ended: Ended; images: Image[]; events: Event[] }> {
    const ended = await aplomo(["build", ...args, "--json"], folder);
    assert.ok(!`${ended.stdout}${ended.stderr}`.includes(password));
    const events = ended.stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Event);
    const result = events.find((event) => event.type === "result");
    const images = result?.type === "result" ? (result.data as unknown as { images: Image[] }).images : [];
    for (const { reference, tag } of images) made.add(reference).add(`${reference.split("@")[0]}:${tag}`);
    return { ended, images, events };
  }

  it("says that a login is missing; then builds all, and what has not changed no more", async () => {
    const refused = await build();
    assert.equal(refused.ended.code, 1, refused.ended.stdout);
    assert.match(refused.ended.stdout, /docker login/);
    await new Promise<void>((resolve, reject) => {
      const args = ["login", "--username", process.env["APLOMO_LAB_REGISTRY_USER"] ?? "", "--password-stdin", registry];
      execFile("docker", args, (error) => (error ? reject(error) : resolve())).stdin?.end(password);
    });

    const first = await build();
    assert.equal(first.ended.code, 0, first.ended.stdout);
    assert.deepEqual(
      first.images.map(({ service, skipped }) => [service, skipped]),
      [
        ["api", false],
        ["web", false],
      ],
    );
    const [api, web] = first.images;
    assert.ok(api && web);
    assert.match(web.tag, /^1\.4\.0-[0-9a-f]{12}$/);
    assert.match(web.reference, new RegExp(`^${registry}/${name}/web@sha256:[0-9a-f]{64}$`));
    const labels = JSON.parse(await docker("image", "inspect", web.reference, "--format", "{{json .Config.Labels}}")) as Record<
      string,
      string
    >;
    assert.equal(labels["org.opencontainers.image.version"], "1.4.0");
    assert.match(labels["org.opencontainers.image.revision"] ?? "", /^[0-9a-f]{40}$/);
    assert.equal(labels["mark"], "of web");
    assert.ok(first.events.some((event) => event.type === "progress" && event.done !== undefined && event.subject === "web"));

    await writeFile(join(folder, "web", "content"), `web ${name} again`);
    await commit();
    const second = await build();
    const pairs = second.images.map(({ service, skipped, reference }) => [
      service,
      skipped,
      reference === api.reference || reference === web.reference,
    ]);
    assert.deepEqual(pairs, [
      ["api", true, true],
      ["web", false, false],
    ]);
  });

  it("a deploy takes what was built last, or what is given, by digest, whatever the compose files name", async () => {
    const config = await loadConfig(join(folder, "aplomo.yml"), {});
    const root = join(folder, "home", "apps", name);
    const built = await imagesToDeploy(root, config.settings);
    assert.deepEqual([...built.keys()], ["api", "web"]);
    // The server has none of them: it pulls.
    for (const reference of made) await docker("rmi", "-f", reference).catch(() => "");
    const target = openCompose(testContext(join(folder, "home")), { ...config, built });
    const release = { id: "r1", path: join(root, "releases", "r1") };
    try {
      const { artifacts } = await target.stage(release);
      for (const [service, reference] of built)
        assert.equal(artifacts[service], await docker("image", "inspect", reference, "--format", "{{.Id}}"));
    } finally {
      await target.discard(release);
    }
  });

  it("refuses to build where the application runs, and from a source that is not committed when told to (I5)", async () => {
    const root = join(folder, "home", "apps", name);
    await mkdir(join(root, "releases", "r1"), { recursive: true });
    await symlink("releases/r1", join(root, "current"));
    const here = await build();
    assert.deepEqual([here.ended.code, /runs on this machine/.test(here.ended.stdout)], [2, true], here.ended.stdout);
    await rm(join(root, "current"));
    await writeFile(join(folder, "aplomo.yml"), `${await readFile(join(folder, "aplomo.yml"), "utf8")}source: { clean: error }\n`);
    const dirty = await build();
    assert.deepEqual([dirty.ended.code, /something is not committed/.test(dirty.ended.stdout)], [1, true], dirty.ended.stdout);
  });
});
