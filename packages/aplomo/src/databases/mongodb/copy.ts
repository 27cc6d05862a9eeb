import { pipeline } from "node:stream/promises";
import { AplomoError } from "../../base/errors.ts";
import type { Context } from "../../host/context.ts";
import type { Command } from "../../host/run.ts";
import { toolMessage } from "./client.ts";

/** Has one program's output read by another, which both end well or it fails. The bytes pass through here, so that both end when this process is killed. */
export async function pipe(ctx: Context, from: Command, to: Command, subject: string): Promise<void> {
  ctx.signal.throwIfAborted();
  const source = ctx.host.spawn(from, ["ignore", "pipe", "pipe"]);
  const target = ctx.host.spawn(to, ["pipe", "ignore", "pipe"]);
  if (source.stdout && target.stdin) void pipeline(source.stdout, target.stdin).catch(() => {});
  const programs = [source, target];
  const said = programs.map((program) => {
    const text = { said: "" };
    program.stderr?.setEncoding("utf8").on("data", (chunk: string) => (text.said = (text.said + chunk).slice(-8_192)));
    return text;
  });
  const stop = (): void => programs.forEach((program) => program.kill());
  ctx.signal.addEventListener("abort", stop, { once: true });
  const ended = await Promise.all(programs.map(({ ended: end }) => end));
  ctx.signal.removeEventListener("abort", stop);
  ctx.signal.throwIfAborted();
  const failed = ended.findLastIndex(({ code }) => code !== 0);
  if (failed === -1) return;
  throw new AplomoError({ operation: "copy within", subject, cause: toolMessage(said[failed]?.said ?? "") });
}
