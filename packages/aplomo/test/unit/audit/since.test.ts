import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { resident } from "../cli/resident.ts";

let folder = "";
const git = (...args: string[]): string =>
  execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.test", ...args], { encoding: "utf8" });
const dockerfile = 'FROM node:22-slim\nCOPY server.js ./\nCMD ["npm", "start"]\n';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-since-"));
  git("init", "-q", "-b", "main");
  await writeFile(join(folder, "Dockerfile"), dockerfile);
  git("add", ".");
  git("commit", "-qm", "first");
});
after(() => rm(folder, { recursive: true, force: true }));

it("--since tells only what came after, also where lines have moved", async () => {
  assert.equal((await resident(["audit"], folder)).code, 1);
  assert.equal((await resident(["audit", "--since", "main"], folder)).code, 0);
  await writeFile(join(folder, "Dockerfile"), `# A comment.\n\n${dockerfile}`);
  assert.equal((await resident(["audit", "--since", "main"], folder)).code, 0);
  await writeFile(join(folder, "compose.yml"), "services:\n  db:\n    image: postgres:17\n    restart: always\n  web:\n    build: .\n");
  const { code, stdout } = await resident(["audit", "--since", "main"], folder);
  assert.equal(code, 1);
  assert.match(stdout, /data-no-volume/);
  assert.doesNotMatch(stdout, /start-npm {2}/);
  assert.match(stdout, /known since before main/);
});

it("neither the work tree nor the index changes", async () => {
  await writeFile(join(folder, "staged"), "a");
  git("add", "staged");
  const before = git("status", "--porcelain");
  await resident(["audit", "--since", "HEAD"], folder);
  assert.equal(git("status", "--porcelain"), before);
});

it("a commit that is none, and an option as one, are refused", async () => {
  for (const ref of ["absent", "--output=x"]) {
    const { code, stdout } = await resident(["audit", `--since=${ref}`], folder);
    assert.equal(code, 2);
    assert.match(stdout, /git knows no such commit/);
  }
});
