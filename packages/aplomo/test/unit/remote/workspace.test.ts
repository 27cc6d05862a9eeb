import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, it } from "node:test";
import type { SentFile } from "../../../src/remote/messages.ts";
import { Reader } from "../../../src/remote/reader.ts";
import { compare, isArrived, putInPlace, workspaceOf } from "../../../src/remote/workspace.ts";

let root = "";
before(async () => {
  root = await mkdtemp(join(tmpdir(), "aplomo-work-"));
  await mkdir(join(root, "came"));
});
after(() => rm(root, { recursive: true, force: true }));

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const content = (sha256: string): string => join(root, "came", sha256);

async function file(path: string, text: string, mode = 0o644): Promise<SentFile> {
  await writeFile(content(hash(text)), text);
  return { path, mode, size: text.length, sha256: hash(text) };
}

it("takes what is new, leaves what is the same, removes what was sent before and nothing else", async () => {
  const workspace = workspaceOf(root);
  const place = async (files: SentFile[]): Promise<string[]> => {
    const change = await compare(workspace, files);
    await putInPlace(workspace, files, change, content);
    return change.put.map(({ path }) => path);
  };
  const env = await file("app.env", "A=1\n", 0o600);
  assert.deepEqual(await place([env, await file("a/b.yml", "1"), { path: "link", link: "app.env" }]), ["app.env", "a/b.yml", "link"]);
  await mkdir(join(workspace.folder, "data"));
  await writeFile(join(workspace.folder, "data/rows.db"), "precious");
  assert.deepEqual(await place([env, await file("a/b.yml", "2"), { path: "link", link: "app.env" }]), ["a/b.yml"]);
  assert.deepEqual(await place([env]), []);
  assert.deepEqual((await readdir(workspace.folder)).sort(), ["app.env", "data"]);
  assert.equal(await readFile(join(workspace.folder, "data/rows.db"), "utf8"), "precious");
  assert.equal((await stat(workspace.folder)).mode & 0o777, 0o700);
  // Changed by hand over there: the laptop's is what counts.
  await writeFile(join(workspace.folder, "app.env"), "A=2\n");
  assert.deepEqual(await place([env]), ["app.env"]);
});

it("takes no file outside of the folder", async () => {
  for (const path of ["../x", "/etc/passwd", "a/../../x", "", "a//b", "./a"])
    await assert.rejects(compare(workspaceOf(root), [{ path, link: "x" }]), /not below the folder/, path);
});

it("says when another machine's files came between", async () => {
  const sha256 = hash("never sent");
  const files: SentFile[] = [{ path: "x", mode: 0o644, size: 10, sha256 }];
  await assert.rejects(putInPlace(workspaceOf(root), files, { put: files, remove: [] }, content), /another machine has sent other files/);
});

it("a file in a workspace is on the server, whatever it says", () => {
  assert.equal(isArrived("/h/apps/shop/work/aplomo.yml", "/h"), true);
  assert.equal(isArrived("/h/apps/shop/releases/r1/aplomo.yml", "/h"), false);
  assert.equal(isArrived("/home/me/aplomo.yml", "/h"), false);
});

it("reads lines and counted bytes from one stream, however it is cut", async () => {
  const text = Buffer.from('{"a":"ü"}\nBYTES\n!\nlast\n');
  for (const size of [1, 3, 1_000]) {
    const parts = Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.subarray(index * size, (index + 1) * size));
    const reader = new Reader(Readable.from(parts));
    assert.equal(await reader.line(), '{"a":"ü"}');
    const bytes: Buffer[] = [];
    for await (const part of reader.bytes(8)) bytes.push(part);
    assert.equal(Buffer.concat(bytes).toString(), "BYTES\n!\n");
    assert.equal(await reader.line(), "last");
    assert.equal(await reader.line(), undefined);
  }
});
