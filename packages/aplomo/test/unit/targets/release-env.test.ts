import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Context } from "../../../src/host/context.ts";
import { local } from "../../../src/host/local.ts";
import { fingerprintEnvironment } from "../../../src/targets/release-env.ts";

let home = "";
before(async () => void (home = await mkdtemp(join(tmpdir(), "aplomo-env-"))));
after(() => rm(home, { recursive: true, force: true }));

const context = (folder = home): Context => ({
  host: local,
  emit: () => {},
  signal: new AbortController().signal,
  home: folder,
  now: () => new Date(),
});

test("the same value gives the same fingerprint, another one does not, and no value shows", async () => {
  const first = await fingerprintEnvironment(context(), { B: "hunter2-hunter2", A: "1" });
  const second = await fingerprintEnvironment(context(), { A: "2", B: "hunter2-hunter2" });
  assert.deepEqual(Object.keys(first), ["A", "B"]);
  assert.match(first["A"] ?? "", /^[0-9a-f]{12}$/);
  assert.equal(first["B"], second["B"]);
  assert.notEqual(first["A"], second["A"]);
  assert.doesNotMatch(JSON.stringify(first), /hunter2/);
});

test("two variables with one value differ", async () => {
  const prints = await fingerprintEnvironment(context(), { A: "same", B: "same" });
  assert.notEqual(prints["A"], prints["B"]);
});

test("the key is one file nobody else can read, also when several make it at once", async () => {
  const folder = join(home, "new");
  const all = await Promise.all(Array.from({ length: 8 }, () => fingerprintEnvironment(context(folder), { A: "1" })));
  assert.equal(new Set(all.map((prints) => prints["A"])).size, 1);
  assert.equal((await stat(join(folder, "fingerprint.key"))).mode & 0o777, 0o600);
  assert.match(await readFile(join(folder, "fingerprint.key"), "utf8"), /^[0-9a-f]{64}\n$/);
});

test("a damaged key is told, not replaced", async () => {
  const folder = await mkdtemp(join(home, "damaged-"));
  await writeFile(join(folder, "fingerprint.key"), "half");
  await assert.rejects(fingerprintEnvironment(context(folder), { A: "1" }), /is not a key/);
});
