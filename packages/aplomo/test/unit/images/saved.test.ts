import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, open, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, it } from "node:test";
import { knownLayers, readSaved } from "../../../src/images/saved.ts";

const id = "c".repeat(64);
const [a, b] = ["sha256:a", "sha256:b"];
let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "aplomo-saved-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An archive as an engine writes it; `tar` is another's. */
async function archive(config: string, layers: string[], diffs: string[], write: (at: string) => Promise<void>): Promise<string> {
  const image = join(folder, "image");
  const put = async (name: string, content: string): Promise<void> => {
    await mkdir(dirname(join(image, name)), { recursive: true });
    await writeFile(join(image, name), content);
  };
  for (const name of new Set(layers)) await put(name, `content of ${name}\n`.repeat(100));
  await write(image);
  await put(config, JSON.stringify({ rootfs: { type: "layers", diff_ids: diffs } }));
  await put("manifest.json", JSON.stringify([{ Config: config, RepoTags: null, Layers: layers }]));
  const file = join(folder, "image.tar");
  execFileSync("tar", ["-cf", file, "--format=pax", "-C", image, ...(await readdir(image))]);
  return file;
}

/** What comes of the parts that are sent. */
async function sent(file: string, known: number): Promise<string[]> {
  const saved = await readSaved(file);
  const [from, to] = [await open(file), await open(join(folder, "sent.tar"), "w")];
  for (const part of saved.parts(known)) {
    const bytes = Buffer.alloc(part.end - part.from);
    await from.read(bytes, 0, bytes.length, part.from);
    await to.write(bytes);
  }
  await to.write(Buffer.alloc(1_024));
  await from.close();
  await to.close();
  const names = execFileSync("tar", ["-tf", join(folder, "sent.tar")], { encoding: "utf8" }).split("\n");
  return names.filter((name) => /layer|blobs\/sha256\/\w|manifest|json$/.test(name)).sort();
}

it("leaves out the layers that are known, in the form of older engines and of newer ones", async () => {
  const old = await archive(`${id}.json`, ["one/layer.tar", "two/layer.tar"], [a, b], async () => {});
  assert.deepEqual([(await readSaved(old)).id, (await readSaved(old)).layers], [`sha256:${id}`, [a, b]]);
  assert.deepEqual(await sent(old, 1), [`${id}.json`, "manifest.json", "two/layer.tar"]);
  assert.ok((await sent(old, 0)).includes("one/layer.tar"));
  await rm(join(folder, "image"), { recursive: true });
  const blob = `blobs/sha256/${id}`;
  const newer = await archive(blob, ["blobs/sha256/1", "blobs/sha256/2"], [a, b], async () => {});
  assert.equal((await readSaved(newer)).id, `sha256:${id}`);
  assert.deepEqual(await sent(newer, 2), [blob, "manifest.json"]);
});

it("keeps a known layer that comes once more above, which is written as a link to it", async () => {
  const layers = ["one/layer.tar", "two/layer.tar", "again/layer.tar"];
  const file = await archive(`${id}.json`, layers.slice(0, 2), [a, b, a], async (image) => {
    await mkdir(join(image, "again"), { recursive: true });
    await symlink("../one/layer.tar", join(image, "again/layer.tar"));
    await writeFile(join(image, "manifest.json"), "");
  });
  await writeFile(join(folder, "image/manifest.json"), JSON.stringify([{ Config: `${id}.json`, Layers: layers }]));
  execFileSync("tar", ["-cf", file, "-C", join(folder, "image"), ...(await readdir(join(folder, "image")))]);
  assert.deepEqual(await sent(file, 2), ["again/layer.tar", "manifest.json", "one/layer.tar", `${id}.json`].sort());
  assert.ok((await stat(file)).size > 0);
});

it("only layers with the same ones below count as known", () => {
  assert.equal(knownLayers([a, b], [[b], [a, "sha256:c"]]), 1);
  assert.equal(knownLayers([a, b], [[a, b, "sha256:c"]]), 2);
  assert.equal(knownLayers([a, b], []), 0);
});
