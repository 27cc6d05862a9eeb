import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../../../src/host/files.ts";

let folder = "";
before(async () => void (folder = await mkdtemp(join(tmpdir(), "aplomo-files-"))));
after(() => rm(folder, { recursive: true, force: true }));

it("writes a file nobody else can read, and replaces one", async () => {
  const file = join(folder, "a");
  await writeFileSafely(file, "one");
  await writeFileSafely(file, Buffer.from("two"));
  assert.equal(await readFile(file, "utf8"), "two");
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ["a"]);
});

it("leaves nothing beside when it fails, and the old file as it was", async () => {
  const inside = await mkdtemp(join(folder, "fails-"));
  await mkdir(join(inside, "taken", "full"), { recursive: true });
  await assert.rejects(writeFileSafely(join(inside, "taken"), "text"));
  assert.deepEqual(await readdir(inside), ["taken"]);
  await writeFile(join(inside, "kept"), "old");
  await assert.rejects(writeFileSafely(join(inside, "kept"), { not: "text" } as unknown as string));
  assert.equal(await readFile(join(inside, "kept"), "utf8"), "old");
  assert.deepEqual(
    (await readdir(inside)).toSorted((a, b) => a.localeCompare(b)),
    ["kept", "taken"],
  );
});

it("is whole for a reader at every moment", async () => {
  const file = join(folder, "whole");
  const texts = ["a".repeat(100_000), "b".repeat(100_000)];
  await writeFileSafely(file, texts[0] ?? "");
  const state = { writing: true };
  const readers = Array.from({ length: 2 }, async () => {
    for (let reads = 0; state.writing || reads < 3; reads++) assert.ok(texts.includes(await readFile(file, "utf8")));
  });
  for (let turn = 0; turn < 20; turn++) await writeFileSafely(file, texts[turn % 2] ?? "");
  state.writing = false;
  await Promise.all(readers);
});

it("tells an absent file from one that cannot be read", async () => {
  assert.equal(await readIfPresent(join(folder, "absent")), undefined);
  await assert.rejects(readIfPresent(folder), /EISDIR/);
});

it("makes a folder nobody else can read, and its parents", async () => {
  const path = join(folder, "x", "y");
  await makePrivateFolder(path);
  await makePrivateFolder(path);
  assert.equal((await stat(path)).mode & 0o777, 0o700);
});
