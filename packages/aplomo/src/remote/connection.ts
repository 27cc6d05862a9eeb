import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { AplomoError, UsageError } from "../base/errors.ts";
import type { Context } from "../host/context.ts";
import { lastLines, type Running } from "../host/run.ts";
import type { Address } from "./address.ts";
import { parseServer, type Server } from "./server.ts";
import { look } from "./scripts.ts";
import { settleHostKey } from "./host-key.ts";
import { forwardOverMaster, openMaster, overMaster } from "./ssh.ts";

/** One connection to a server, which everything that is done there shares. */
export interface Connection {
  address: Address;
  /** What the server had when the connection was made. */
  server: Server;
  /** A script of ours to its end, fed from a stream or a file; throws when it fails. */
  run(script: string, words?: readonly string[], input?: Readable | number): Promise<void>;
  /** A script of ours whose streams the caller connects. */
  spawn(script: string, words?: readonly string[]): Running;
  /** A socket here, for this user alone, that leads to one over there as long as the connection lasts. */
  forward(there: string): Promise<string>;
  /** False once it has broken. */
  alive(): boolean;
  /** Resolves when it has broken, or was closed. */
  ended: Promise<unknown>;
  close(): Promise<void>;
}

export async function connect(ctx: Context, address: Address): Promise<Connection> {
  try {
    return await open(ctx, address);
  } catch (error) {
    if (!(error instanceof UnknownKeyError)) throw error;
    await settleHostKey(ctx, address);
    return open(ctx, address);
  }
}

async function open(ctx: Context, address: Address): Promise<Connection> {
  ctx.signal.throwIfAborted();
  // Its mode is 0700: whoever could use the socket would be logged in.
  const folder = await mkdtemp(join(tmpdir(), "aplomo-ssh-"));
  const socket = join(folder, "s");
  const master = ctx.host.spawn(openMaster(address, socket, look), ["pipe", "pipe", "pipe"]);
  // Its end is told by `ended`, with the reason on its standard error.
  master.stdin?.on("error", () => {});
  let said = "";
  master.stderr?.setEncoding("utf8").on("data", (part: string) => (said = (said + part).slice(-8_192)));
  let alive = true;
  void master.ended.then(() => (alive = false));
  const stop = (): void => master.kill();
  ctx.signal.addEventListener("abort", stop, { once: true });
  const close = async (): Promise<void> => {
    ctx.signal.removeEventListener("abort", stop);
    // The program over there reads until we close; the connection ends with it.
    master.stdin?.end();
    master.kill();
    await master.ended;
    await rm(folder, { recursive: true, force: true });
  };
  const lines: string[] = [];
  for await (const line of createInterface({ input: master.stdout ?? Readable.from([]) })) {
    if (line === "ready") break;
    lines.push(line);
  }
  // It says nothing more, and what nobody reads would keep its end from us.
  master.stdout?.resume();
  const server = parseServer(lines);
  if (!server) {
    await close();
    ctx.signal.throwIfAborted();
    throw failure(address, said);
  }
  return {
    address,
    server,
    spawn: (script, words) => ctx.host.spawn(overMaster(address, socket, script, words), ["pipe", "pipe", "pipe"]),
    async run(script, words, input) {
      const child = ctx.host.spawn(overMaster(address, socket, script, words), [input ?? "ignore", "ignore", "pipe"]);
      const end = (): void => child.kill();
      ctx.signal.addEventListener("abort", end, { once: true });
      const [{ code }, told] = await Promise.all([child.ended, child.stderr ? text(child.stderr) : ""]);
      ctx.signal.removeEventListener("abort", end);
      ctx.signal.throwIfAborted();
      if (code !== 0) throw new AplomoError({ operation: "prepare", subject: address.destination, cause: lastLines(told.trim(), 5) });
    },
    async forward(there) {
      const here = join(folder, "f");
      await ctx.host.run(forwardOverMaster(address, socket, here, there), ctx.signal);
      return here;
    },
    alive: () => alive,
    ended: master.ended,
    close,
  };
}

class UnknownKeyError extends UsageError {}

function failure(address: Address, said: string): AplomoError {
  const subject = address.destination;
  const words = lastLines(said.replaceAll("\r", "").trim(), 5);
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED|POSSIBLE DNS SPOOFING/.test(said)) {
    const hint = "Ask whoever looks after the server whether its key was changed. Only then: ssh-keygen -R HOST, and connect again.";
    return new UsageError({ operation: "trust", subject, cause: "it shows another key than the one this machine remembers", hint });
  }
  if (/No \S+ host key is known for/.test(said))
    return new UnknownKeyError({ operation: "trust", subject, cause: "its key is not known", hint: `ssh ${subject}` });
  const hint = /Permission denied|Too many authentication failures/.test(said)
    ? "Add the key to the agent (ssh-add), and to ~/.ssh/authorized_keys on the server."
    : `See what \`ssh ${subject} true\` says.`;
  return new AplomoError({ operation: "reach", subject, cause: words || "ssh ended without a word", hint });
}
