import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, it } from "node:test";
import type { Context } from "../../../src/host/context.ts";
import { filesGiven } from "../../../src/remote/given.ts";
import { imagesBuiltHere } from "../../../src/remote/images.ts";
import { writeBuilt, type Built } from "../../../src/images/record.ts";
import { compose, load } from "../config/folder.ts";

const id = `sha256:${"a".repeat(64)}`;
let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "aplomo-line-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

it("names what was built here last, unless it is given or the environment alone changes", async () => {
  const config = await load({ "aplomo.yml": compose("images: { web: { build: . }, api: { build: . } }\n") });
  const built = (service: string, reference: string): Built => {
    return { service, reference, tag: "1", platform: "linux/amd64", commit: null, dirty: false, version: null, key: null, builtAt: "" };
  };
  const root = join(folder, "apps/agenda");
  await mkdir(root, { recursive: true });
  await writeBuilt(root, [built("web", id), built("api", `registry.example/api@${id}`)]);
  const named = (...argv: string[]): Promise<string[]> => imagesBuiltHere({ home: folder } as Context, config, argv);
  assert.deepEqual(await named("deploy"), ["--image", `web=${id}`, "--image", `api=registry.example/api@${id}`]);
  assert.deepEqual(await named("deploy", "--image", `api=${id}`, "--json"), ["--image", `web=${id}`]);
  assert.deepEqual(await named("deploy", `--image=web=other.example/w@${id}`, `api=${id}`), []);
  assert.deepEqual(await named("deploy", "--env-only"), []);
});

it("sends the files that arguments name, a backup with its manifest, and leaves words alone", async () => {
  const dump = join(folder, "shop_manual_20261122_101500.sql.zst");
  await writeFile(dump, "dump");
  await writeFile(join(folder, "shop_manual_20261122_101500.manifest.json"), "{}");
  const found = await filesGiven([dump, "users=8", folder]);
  assert.deepEqual(
    found.map(({ argument, name, size }) => [argument, name, size]),
    [
      [dump, "shop_manual_20261122_101500.sql.zst", 4],
      [null, "shop_manual_20261122_101500.manifest.json", 2],
    ],
  );
});
