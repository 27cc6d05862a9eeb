import { createInterface } from "node:readline";
import { AplomoError } from "../base/errors.ts";
import type { Context } from "../host/context.ts";
import { pushImage } from "../host/docker.ts";
import { lastLines } from "../host/run.ts";

/** Pushes and gives the digest under which the registry has it, telling layer by layer how far it is. */
export async function push(ctx: Context, service: string, name: string): Promise<string> {
  const running = ctx.host.spawn(pushImage(name), ["ignore", "pipe", "pipe"]);
  const stop = (): void => running.kill();
  ctx.signal.addEventListener("abort", stop, { once: true });
  const layers = new Map<string, boolean>();
  const said: string[] = [];
  let digest: string | undefined;
  const hear = async (stream: NodeJS.ReadableStream | null): Promise<void> => {
    if (!stream) return;
    for await (const line of createInterface({ input: stream })) {
      said.push(line);
      digest = /digest: (sha256:[0-9a-f]{64})/.exec(line)?.[1] ?? digest;
      const [, layer, state = ""] = /^([0-9a-f]{12}): (.+)$/.exec(line.trim()) ?? [];
      if (layer === undefined) continue;
      const done = /^(Pushed|Layer already exists|Mounted)/.test(state);
      if (layers.get(layer) === done) continue;
      layers.set(layer, done);
      if (!done) continue;
      const count = [...layers.values()].filter(Boolean).length;
      ctx.emit({ type: "progress", subject: service, message: `pushing ${name}`, done: count, total: layers.size });
    }
  };
  try {
    const [ended] = await Promise.all([running.ended, hear(running.stdout), hear(running.stderr)]);
    ctx.signal.throwIfAborted();
    if (ended.code === 0 && digest !== undefined) return digest;
  } finally {
    ctx.signal.removeEventListener("abort", stop);
  }
  const cause = lastLines(said.join("\n").trim(), 3);
  const denied = /denied|unauthorized|authentication|no basic auth/i.test(cause);
  const hint = denied ? "Log in to its registry: docker login." : "Its registry must answer from this machine.";
  throw new AplomoError({ operation: "push", subject: name, cause, hint });
}
