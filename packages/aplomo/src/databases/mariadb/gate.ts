import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { AplomoError } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import type { Context } from "../../host/context.ts";
import { newPipe, sweepCommand, sweepPipes } from "../../host/pipes.ts";
import { lastLines, type Running } from "../../host/run.ts";
import { dumpOptions, placed, type Client } from "./client.ts";

/**
 * A named pipe from which the dump reads its options, and so waits, started but not connected, until it is let go. What it is let go
 * with is all about the connection, the password too: that stands in no file, argument list or environment.
 */
export interface Gate {
  path: string;
  /** Resolves when the dump waits at the gate. */
  reached(patience: number): Promise<void>;
  open(): void;
  /** Removes it; never throws. */
  close(): Promise<void>;
}

export async function makeGate(ctx: Context, client: Client): Promise<Gate> {
  const folder = client.inside ? "/tmp" : tmpdir();
  const path = newPipe(folder);
  await ctx.host.run({ ...placed(client, ["mkfifo", "-m", "600", path]), timeout: 30_000 }, ctx.signal);
  let writer: Running | undefined;
  let there = false;
  return {
    path,
    async reached(patience) {
      // It can open the pipe only once somebody reads from it, and says so by repeating what it is given.
      const started = ctx.host.spawn(placed(client, ["tee", path]), ["pipe", "pipe", "pipe"]);
      writer = started;
      let said = "";
      started.stderr?.on("data", (text: Buffer) => (said += text.toString()));
      started.stdout?.on("data", () => (there = true));
      started.stdin?.on("error", () => {}).write("[client]\n");
      let over = false;
      void started.ended.then(() => (over = true));
      const found = await poll(() => Promise.resolve(there || over ? true : undefined), { limit: patience, every: 2, signal: ctx.signal });
      if (there) return;
      const cause = found
        ? lastLines(said.trim(), 2) || "what leads it to its snapshot ended"
        : `it did not start within ${patience / 1_000} s`;
      throw new AplomoError({ operation: "start the dump of", subject: client.address.database, cause });
    },
    open() {
      writer?.stdin?.end(dumpOptions(client));
    },
    async close() {
      if (writer && !there) writer.kill("SIGKILL");
      writer?.stdin?.end();
      const by = AbortSignal.timeout(30_000);
      // One that waits for a reader who never comes must not stay.
      await removePipe(ctx, client, folder, path, by).catch(() => {});
      await writer?.ended;
    },
  };
}

/** Also those that others were killed before they removed: in a container, where each program costs, by the one that removes ours. */
async function removePipe(ctx: Context, client: Client, folder: string, path: string, by: AbortSignal): Promise<void> {
  if (!client.inside) {
    await rm(path, { force: true });
    return sweepPipes(folder);
  }
  const swept = await ctx.host.attempt({ ...placed(client, sweepCommand(folder, path)), timeout: 30_000 }, by);
  if (swept.code !== 0) await ctx.host.attempt({ ...placed(client, ["rm", "-f", path]), timeout: 30_000 }, by);
}
