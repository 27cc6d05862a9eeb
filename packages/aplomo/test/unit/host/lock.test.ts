import assert from "node:assert/strict";
import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { LockedError } from "../../../src/base/errors.ts";
import { lockHolder, takeLock } from "../../../src/host/lock.ts";
import { processIdentity } from "../../../src/host/process.ts";

let parent = "";
before(async () => void (parent = await mkdtemp(join(tmpdir(), "aplomo-lock-"))));
after(() => rm(parent, { recursive: true, force: true }));
const folder = (): Promise<string> => mkdtemp(join(parent, "app-"));

it("one takes it, the next hears who holds it and for what, and gets it when it is given back", async () => {
  const path = await folder();
  const lock = await takeLock(path, "deploy");
  assert.equal((await lockHolder(path))?.operation, "deploy");
  await assert.rejects(takeLock(path, "backup run"), (error) => {
    assert.ok(error instanceof LockedError);
    assert.match(error.message, new RegExp(`process ${process.pid} holds it for deploy since \\d{4}-`));
    assert.equal(error.exitCode, 4);
    return true;
  });
  await lock.release();
  await lock.release();
  assert.equal(await lockHolder(path), undefined);
  const next = await takeLock(path, "backup run");
  assert.equal(next.owner.operation, "backup run");
  await next.release();
});

it("nobody holds a lock that was never taken", async () => {
  assert.equal(await lockHolder(join(parent, "absent")), undefined);
});

it("an owner that gives it back late takes nothing from the next one", async () => {
  const path = await folder();
  const first = await takeLock(path, "one");
  await first.release();
  const second = await takeLock(path, "two");
  await first.release();
  assert.equal((await lockHolder(path))?.operation, "two");
  await second.release();
});

it("a dead owner holds nothing, and neither does a number that was given to another process", async () => {
  const child = spawn("sleep", ["600"]);
  const pid = child.pid ?? 0;
  const identity = processIdentity(pid);
  const path = await folder();
  const owner = { pid, identity, operation: "deploy", since: "2026-11-22T00:00:00Z" };
  await writeFile(join(path, "7"), JSON.stringify(owner));
  await assert.rejects(takeLock(path, "deploy"), LockedError);
  await writeFile(join(path, "7"), JSON.stringify({ ...owner, identity: "another-boot:1" }));
  assert.equal(await lockHolder(path), undefined);
  await writeFile(join(path, "7"), JSON.stringify(owner));
  child.kill("SIGKILL");
  await once(child, "exit");
  const lock = await takeLock(path, "deploy");
  assert.deepEqual(await readdir(path), ["8"]);
  await lock.release();
});

describe("processIdentity", () => {
  it("is the same for one process, and nothing for none", () => {
    assert.equal(processIdentity(process.pid), processIdentity(process.pid));
    assert.notEqual(processIdentity(process.pid), null);
    assert.notEqual(processIdentity(process.pid), processIdentity(process.ppid));
    assert.equal(processIdentity(2 ** 22 + 1), null);
  });

  it("a process that has ended and was not waited for is none", { skip: process.platform !== "linux" && "there is no /proc" }, async () => {
    // The shell becomes a sleep that never waits for its child.
    const child = spawn("sh", ["-c", "sleep 0.1 & echo $!; exec sleep 600"]);
    try {
      const [chunk] = (await once(child.stdout, "data")) as [Buffer];
      const pid = Number(chunk.toString());
      const state = async (): Promise<string> => (await readFile(`/proc/${pid}/stat`, "utf8")).replace(/.*\) /s, "")[0] ?? "";
      while ((await state()) !== "Z") await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(processIdentity(pid), null);
    } finally {
      child.kill("SIGKILL");
    }
  });
});

/** Takes the lock of each folder it is told, and says whether it got it; keeps what it has. */
const racer = join(import.meta.dirname, "racer.js");

it("of two processes that find the same dead owner at the same time, exactly one wins, 200 times", { timeout: 60_000 }, async () => {
  const racers = [fork(racer), fork(racer)];
  try {
    await Promise.all(racers.map((child) => once(child, "message")));
    for (let round = 0; round < 200; round++) {
      const path = join(parent, `race-${round}`);
      await mkdir(path);
      const dead = { pid: 2 ** 22 + 1, identity: "gone", operation: "deploy", since: "2026-11-22T00:00:00Z" };
      await writeFile(join(path, "3"), JSON.stringify(dead));
      const answers = await Promise.all(racers.map((child) => race(child, path)));
      assert.deepEqual(
        answers.toSorted((a, b) => a.localeCompare(b)),
        ["locked", "won"],
        `round ${round}`,
      );
      const winner = racers[answers.indexOf("won")];
      assert.equal((await lockHolder(path))?.pid, winner?.pid, `round ${round}`);
      assert.deepEqual((await readdir(path)).length, 1);
    }
  } finally {
    for (const child of racers) child.kill("SIGKILL");
  }
});

async function race(child: ChildProcess, path: string): Promise<string> {
  const answer = once(child, "message");
  child.send(path);
  return String((await answer)[0]);
}
