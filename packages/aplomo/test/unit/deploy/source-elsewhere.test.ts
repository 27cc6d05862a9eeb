import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { apartOf, sourceState } from "../../../src/deploy/source.ts";
import { checkSource } from "../../../src/deploy/source-checks.ts";
import { testContext } from "../../support/bench.ts";

let folder = "";
let clone = "";
const git = (...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@shop.example", ...args], { cwd: clone, encoding: "utf8" });
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-source-"));
  clone = join(folder, "clone");
  await mkdir(clone);
  git("init", "-q", "-b", "main");
  git("init", "-q", "--bare", "../remote.git");
  git("remote", "add", "origin", "../remote.git");
  git("commit", "-q", "--allow-empty", "-m", "first");
});
after(() => rm(folder, { recursive: true, force: true }));

it("a server that a laptop asks judges the laptop's branch: what is not pushed there is not in step", async () => {
  const laptop = testContext(folder);
  assert.equal(await apartOf(laptop, clone), null);
  git("push", "-qu", "origin", "main");
  git("commit", "-q", "--allow-empty", "-m", "second");
  const source = { ...(await sourceState(laptop, clone)), apart: await apartOf(laptop, clone) };
  assert.deepEqual(source.apart, { upstream: "origin/main", ahead: 1, behind: 0 });

  const server = { ...laptop, source };
  const found = await checkSource(server, "/nowhere", null);
  assert.deepEqual(
    found.map(({ check, message }) => [check, message]),
    [["pushed", "origin/main lacks 1 commit of this branch"]],
  );
  // What a release records is the same from here and from there.
  assert.deepEqual(await sourceState(server, "/nowhere"), await sourceState(laptop, clone));
});
