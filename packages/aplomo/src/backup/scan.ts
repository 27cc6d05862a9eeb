import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { dumpReader } from "../databases/index.ts";
import type { DumpContent } from "../databases/contract.ts";
import type { Context } from "../host/context.ts";
import { decompression } from "./compress.ts";
import { connect } from "./flow.ts";
import type { Compression } from "./names.ts";

export interface Scan {
  /** Bytes of the dump itself. */
  plain: number;
  content: DumpContent;
}

/** Decompresses a whole file and lets the engine's reader look at what it holds. */
export async function scanDump(ctx: Context, path: string, compression: Compression, engine: string): Promise<Scan> {
  const file = await open(path, "r");
  try {
    const flow = connect(ctx, [await decompression(ctx, compression)], file.fd, "node");
    const reader = dumpReader(engine);
    let plain = 0;
    try {
      for await (const chunk of flow.output ?? []) {
        plain += (chunk as Buffer).length;
        reader.write(chunk as Buffer);
      }
    } catch (error) {
      flow.stop();
      await flow.ended;
      throw error;
    }
    await flow.ended;
    return { plain, content: reader.end() };
  } finally {
    await file.close();
  }
}

export async function sha256Of(path: string, signal?: AbortSignal): Promise<{ sha256: string; bytes: number }> {
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
