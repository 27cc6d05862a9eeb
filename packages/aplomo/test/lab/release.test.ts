import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { root } from "../support/root.ts";

const run = promisify(execFile);
const identity = ["-c", "user.name=Ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false"];
let clone = "";
const git = (...args: string[]): Promise<{ stdout: string }> => run("git", [...identity, ...args], { cwd: clone });
const release = (...args: string[]): Promise<{ stdout: string }> =>
  run(process.execPath, [join(clone, "script/release"), ...args], { cwd: clone, maxBuffer: 1 << 26 });
const read = (path: string): Promise<string> => readFile(join(clone, path), "utf8");

before(async () => {
  clone = await mkdtemp(join(tmpdir(), "aplomo-release-"));
  await run("git", ["clone", "--quiet", "--depth", "1", `file://${root}`, clone]);
});
after(() => rm(clone, { recursive: true, force: true }));

test("a dry run prints what the changelog would get, and writes nothing", async () => {
  const changes = (await readdir(join(clone, "changelog/unreleased"))).length;
  const { stdout } = await release("--dry-run", "9.1.0");
  assert.match(stdout, /^## 9\.1\.0, \d{4}-\d\d-\d\d\n\n### Added\n\n- \*\*/);
  assert.equal(stdout.match(/^- \*\*/gm)?.length, changes);
  assert.equal((await git("status", "--porcelain")).stdout, "");
});

test("a release raises versions, writes the changelog, and is what the tag's check wants, with bills of materials", async () => {
  await release("9.1.0");
  for (const path of ["packages/aplomo/package.json", "packages/runtime/package.json"])
    assert.equal((JSON.parse(await read(path)) as { version: string }).version, "9.1.0");
  assert.match(await read("packages/aplomo/src/base/version.ts"), /"9\.1\.0"/);
  assert.match(await read("CHANGELOG.md"), /^# Changelog\n\n## 9\.1\.0, /);
  assert.deepEqual(
    (await readdir(join(clone, "changelog/unreleased")).catch(() => [])).filter((name) => name.endsWith(".md")),
    [],
  );

  const { stdout } = await release("--check", "9.1.0");
  assert.match(stdout, /2 bills of materials/);
  assert.match(await read("dist/notes.md"), /^### Added/);
  const bill = JSON.parse(await read("dist/aplomo-9.1.0.cdx.json")) as Bill;
  // What CycloneDX asks of every bill, and of every component in it.
  assert.equal(bill.bomFormat, "CycloneDX");
  assert.match(bill.specVersion, /^1\.\d$/);
  assert.match(bill.serialNumber, /^urn:uuid:[0-9a-f-]{36}$/);
  assert.ok(Number.isInteger(bill.version) && bill.version >= 1);
  assert.equal(bill.metadata.component.purl, "pkg:npm/aplomo@9.1.0");
  const refs = new Set([bill.metadata.component, ...bill.components].map((one) => one["bom-ref"]));
  for (const { ref, dependsOn } of bill.dependencies) for (const one of [ref, ...(dependsOn ?? [])]) assert.ok(refs.has(one), one);
  assert.ok(bill.components.length >= 5, `${bill.components.length}`);
  for (const { type, name, version, purl } of bill.components) assert.ok(type && name && version && purl.startsWith("pkg:npm/"), name);
  for (const name of ["commander", "croner", "valibot", "yaml"])
    assert.ok(
      bill.components.some((one) => one.name === name),
      name,
    );
  assert.ok(!bill.components.some(({ name }) => name === "typescript"), "what only builds is not in it");
});

interface Component {
  "bom-ref": string;
  type: string;
  name: string;
  version: string;
  purl: string;
}

interface Bill {
  bomFormat: string;
  specVersion: string;
  serialNumber: string;
  version: number;
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

test("what is not committed, or has nothing new in it, is no release; nor is a tag of another version", async () => {
  await assert.rejects(release("9.2.0"), /commit first/);
  await git("add", "-A");
  await git("commit", "--quiet", "-m", "Release 9.1.0");
  await assert.rejects(release("9.2.0"), /there is nothing to release|ENOENT/);
  await assert.rejects(release("--check", "9.2.0"), /is 9\.1\.0, not 9\.2\.0/);
  await assert.rejects(release("next"), /usage/);
});
