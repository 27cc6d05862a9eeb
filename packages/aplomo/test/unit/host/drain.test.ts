import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { describe, it } from "node:test";
import { openDrain, type Drain } from "../../../src/host/drain.ts";
import { newPipe, sweepCommand } from "../../../src/host/pipes.ts";
import { testContext } from "../../support/bench.ts";

const ctx = testContext("/nowhere");

/** Has a program write what it is given, and ends when it has ended. */
async function pour(drain: Drain, input: Buffer): Promise<void> {
  const cat = ctx.host.spawn({ argv: ["cat"] }, ["pipe", drain.writer.fd, "ignore"]);
  await drain.writer.close();
  cat.stdin?.on("error", () => {}).end(input);
  await Promise.all([drain.ended, cat.ended]);
}

describe("a drain", () => {
  it("gives every byte of what a program prints, in order, out of one buffer", async () => {
    const data = randomBytes(5_000_000);
    const hash = createHash("sha256");
    const memory = new Set<ArrayBufferLike>();
    const drain = (await openDrain(ctx, (chunk) => void (hash.update(chunk), memory.add(chunk.buffer)))) ?? assert.fail("no mkfifo");
    await pour(drain, data);
    assert.equal(hash.digest("hex"), createHash("sha256").update(data).digest("hex"));
    assert.equal(memory.size, 1);
  });

  it("ends when nobody wrote anything", async () => {
    const drain = (await openDrain(ctx, () => assert.fail("bytes came"))) ?? assert.fail("no mkfifo");
    await drain.writer.close();
    await drain.ended;
  });

  it("fails with what its taker throws, and the program that writes is told", async () => {
    const drain =
      (await openDrain(ctx, () => {
        throw new Error("it is enough");
      })) ?? assert.fail("no mkfifo");
    const yes = ctx.host.spawn({ argv: ["yes"] }, ["ignore", drain.writer.fd, "ignore"]);
    await drain.writer.close();
    await assert.rejects(drain.ended, /it is enough/);
    assert.notEqual((await yes.ended).code, 0);
  });

  it("takes away what a killed one left long ago, and no pipe of now", async (t) => {
    const [left, fresh] = [newPipe(tmpdir()), newPipe(tmpdir())];
    t.after(() => Promise.all([left, fresh].map((path) => rm(path, { force: true }))));
    for (const path of [left, fresh]) await ctx.host.run({ argv: ["mkfifo", path] });
    const then = Date.now() / 1_000 - 2 * 60 * 60;
    await utimes(left, then, then);
    const drain = (await openDrain(ctx, () => {})) ?? assert.fail("no mkfifo");
    await drain.writer.close();
    await drain.ended;
    assert.deepEqual([existsSync(left), existsSync(fresh)], [false, true]);
    await utimes(fresh, then, then);
    const own = newPipe(tmpdir());
    await ctx.host.run({ argv: ["mkfifo", own] });
    await ctx.host.run({ argv: sweepCommand(tmpdir(), own) });
    assert.deepEqual([existsSync(own), existsSync(fresh)], [false, false]);
  });

  it("is not there where no named pipe can be made", async () => {
    const host = { ...ctx.host, attempt: () => ctx.host.attempt({ argv: ["false"] }) };
    assert.equal(await openDrain({ ...ctx, host }, () => {}), undefined);
  });
});
