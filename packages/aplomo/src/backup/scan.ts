import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { Transform, type Readable } from "node:stream";
import { dumpReader } from "../databases/index.ts";
import type { DumpContent } from "../databases/contract.ts";
import type { Context } from "../host/context.ts";
import { openDrain } from "../host/drain.ts";
import { connect, type Flow, type Stage } from "./flow.ts";

export interface Scan {
  /** Bytes of the dump itself. */
  plain: number;
  content: DumpContent;
}

/** Unpacks a whole file and lets the engine's reader look at what it holds. */
export async function scanFile(ctx: Context, path: string, stages: readonly Stage[], engine: string): Promise<Scan> {
  const file = await open(path, "r");
  try {
    return await scanStream(ctx, file.fd, stages, engine);
  } finally {
    await file.close();
  }
}

export async function scanStream(ctx: Context, from: number | Readable, stages: readonly Stage[], engine: string): Promise<Scan> {
  const reader = dumpReader(engine);
  let plain = 0;
  const take = (chunk: Buffer): void => {
    plain += chunk.length;
    reader.write(chunk);
  };
  const last = stages.at(-1);
  const drain = last && "command" in last ? await openDrain(ctx, take) : undefined;
  let flow: Flow;
  try {
    flow = connect(ctx, stages, from, drain?.writer.fd ?? "node");
  } finally {
    await drain?.writer.close();
  }
  try {
    if (drain) await drain.ended;
    else for await (const chunk of flow.output ?? []) take(chunk as Buffer);
  } catch (error) {
    flow.stop();
    await flow.ended;
    throw error;
  }
  await flow.ended;
  return { plain, content: reader.end() };
}

export interface Sum {
  sha256: string;
  bytes: number;
}

/** A stage that hashes what passes. `sum` is of everything once the stream came to its end; undefined before. */
export function summing(): { stage: Stage; sum(): Sum | undefined } {
  const hash = createHash("sha256");
  let bytes = 0;
  let done: Sum | undefined;
  const transform = (): Transform =>
    new Transform({
      transform(chunk: Buffer, _encoding, pass) {
        hash.update(chunk);
        bytes += chunk.length;
        pass(null, chunk);
      },
      flush(pass) {
        done = { sha256: hash.digest("hex"), bytes };
        pass();
      },
    });
  return { stage: { transform }, sum: () => done };
}

export async function sha256Of(path: string, signal?: AbortSignal): Promise<Sum> {
  const hash = createHash("sha256");
  let bytes = 0;
  const file = await open(path, "r");
  // The stream closes the file.
  for await (const chunk of file.createReadStream({ highWaterMark: 1024 * 1024, ...(signal ? { signal } : {}) })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { sha256: hash.digest("hex"), bytes };
}
