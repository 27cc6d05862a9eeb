import { AplomoError } from "../../base/errors.ts";
import type { Context } from "../../host/context.ts";
import type { Command } from "../../host/run.ts";

/** One worker process of an nginx. */
export interface Worker {
  pid: number;
  /** It takes no new connection; it ends when its last request, or WebSocket, has. */
  leaving: boolean;
}

export function listWorkers(master: number): Command {
  return { argv: ["ps", "--ppid", String(master), "-o", "pid=,args="], timeout: 10_000 };
}

/** What nginx calls its processes tells what they do. */
export function parseWorkers(text: string): Worker[] {
  return [...text.matchAll(/^\s*(\d+)\s+nginx: worker process( is shutting down)?/gm)].map(([, pid, leaving]) => ({
    pid: Number(pid),
    leaving: leaving !== undefined,
  }));
}

export async function workersOf(ctx: Context, master: number): Promise<Worker[]> {
  const workers = parseWorkers((await ctx.host.attempt(listWorkers(master))).stdout);
  if (workers.length > 0) return workers;
  throw new AplomoError({
    operation: "look at",
    subject: `nginx (process ${master})`,
    cause: "it has no workers",
    hint: "Start nginx, then call again.",
  });
}
