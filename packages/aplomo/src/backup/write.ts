import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { AplomoError } from "../base/errors.ts";
import { formatDuration } from "../base/time.ts";
import type { Channel } from "../databases/contract.ts";
import type { Context } from "../host/context.ts";
import { connect, type Flow, type Stage } from "./flow.ts";
import { Growth } from "./growth.ts";

export interface Written {
  sha256: string;
  bytes: number;
  /** Resolves when the file is on the disk. */
  flushed: Promise<void>;
}

/** A dump under way. */
export interface Writing {
  done: Promise<Written>;
  /** What is in the file so far, to be read while it grows. */
  growth: Growth;
  /** Ends it; `done` then rejects. */
  stop(): void;
}

const patience = 10 * 60_000;
const progressEvery = 1_000;

/** Writes a dump, packed, into a new file. Node sees compressed bytes only, and hashes them. */
export function writeDump(
  ctx: Context,
  source: Channel,
  packing: readonly Stage[],
  path: string,
  stallAfter: number | undefined,
  subject: string,
): Writing {
  let flow: Flow | undefined;
  let stopped = false;
  const growth = new Growth();
  const stop = (): void => {
    stopped = true;
    flow?.stop();
  };
  async function write(): Promise<Written> {
    const file = await open(path, "wx", 0o600);
    const input = source.kind === "file" ? await open(source.path, "r") : undefined;
    try {
      flow = connect(ctx, source.kind === "program" ? [source, ...packing] : packing, input?.fd ?? null, "node");
      if (stopped) flow.stop();
      const result = await store(ctx, flow, { file, growth }, stallAfter ?? patience, subject);
      growth.end();
      const flushed = flush(file);
      // Whoever waits for it hears of a failure; nobody may be waiting yet.
      flushed.catch(() => {});
      return { ...result, flushed };
    } catch (error) {
      flow?.stop();
      await flow?.ended.catch(() => {});
      await file.close();
      throw error;
    } finally {
      await input?.close();
    }
  }
  const done = write().catch((error: unknown) => {
    growth.end(error);
    throw error;
  });
  return { stop, growth, done };
}

async function store(
  ctx: Context,
  flow: Flow,
  { file, growth }: { file: FileHandle; growth: Growth },
  stallAfter: number,
  subject: string,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  let told = performance.now();
  let stalled = false;
  let unwritten: unknown;
  const timer = setTimeout(() => {
    stalled = true;
    flow.stop();
  }, stallAfter);
  try {
    for await (const chunk of flow.output ?? []) {
      timer.refresh();
      const data = chunk as Buffer;
      hash.update(data);
      bytes += data.length;
      await file.writeFile(data).catch((error: unknown) => {
        unwritten = error;
        throw error;
      });
      growth.add(data.length);
      if (performance.now() - told < progressEvery) continue;
      told = performance.now();
      ctx.emit({ type: "progress", subject, message: "bytes written", done: bytes });
    }
    await flow.ended;
  } catch (error) {
    if (unwritten !== undefined) throw unwritten;
    if (!stalled) {
      // A stream that broke off says less than the program it came from.
      flow.stop();
      await flow.ended;
      throw error;
    }
    throw new AplomoError({
      operation: "make the",
      subject,
      cause: `the dump gave no byte for ${formatDuration(stallAfter)}, and was ended`,
      hint: "Look for a statement that holds a lock on the whole table, or a connection that is cut off silently.",
    });
  } finally {
    clearTimeout(timer);
  }
  return { sha256: hash.digest("hex"), bytes };
}

async function flush(file: FileHandle): Promise<void> {
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
