import { createGunzip, createGzip } from "node:zlib";
import * as zlib from "node:zlib";
import type { Transform } from "node:stream";
import { AplomoError } from "../base/errors.ts";
import type { Context } from "../host/context.ts";
import type { Command } from "../host/run.ts";
import type { Compression } from "./names.ts";

/** What turns one stream into another: a program, which the kernel connects without our seeing a byte, or Node itself. */
export type Filter = { command: Command } | { transform: () => Transform };

const chunkSize = 256 * 1024;

/** Node has these from 22.15 on; the types are of an older one. */
const own = zlib as unknown as {
  createZstdCompress?: (options: object) => Transform;
  createZstdDecompress?: (options: object) => Transform;
};

async function hasProgram(ctx: Context): Promise<boolean> {
  return (await ctx.host.attempt({ argv: ["zstd", "--version"], timeout: 10_000 }, ctx.signal)).code === 0;
}

/** Otherwise it starts threads of its own to read and write, who wait for each other more than they work. */
const alone = "--single-thread";

/**
 * Level 3 makes 2 to 7 per cent less of texts and plain rows (1 per cent more of hashes and numbers) and takes a third to a half as long again:
 * on two cores, one of which the server needs, that is what a backup waits for.
 */
const level = 2;

/** Windows up to 2 GiB: files of others may have been made with --long. */
const unzstd: Filter = { command: { argv: ["zstd", "-q", "-d", alone, "-c", "--long=31"] } };
const gunzip: Filter = { transform: () => createGunzip({ chunkSize }) };

/** How a dump is compressed, and what reads it again. */
export interface Compressing {
  compression: Compression;
  filter: Filter;
  back: Filter;
}

/** zstd compresses as well as gzip -6 in a fifth of the time; gzip is what every machine can read. */
export async function chooseCompression(ctx: Context, wanted?: Compression): Promise<Compressing> {
  if (wanted !== "gzip") {
    if (await hasProgram(ctx))
      return { compression: "zstd", filter: { command: { argv: ["zstd", "-q", `-${level}`, alone, "-c"] } }, back: unzstd };
    const { createZstdCompress } = own;
    // 201 is ZSTD_c_checksumFlag: as the program does, so that a flipped byte is seen when it is read.
    if (createZstdCompress) {
      const filter = { transform: () => createZstdCompress({ chunkSize, params: { 100: level, 201: 1 } }) };
      return { compression: "zstd", filter, back: await decompression(ctx, "zstd") };
    }
    if (wanted === "zstd") throw noZstd("compress");
  }
  return { compression: "gzip", filter: { transform: () => createGzip({ level: 1, chunkSize }) }, back: gunzip };
}

export async function decompression(ctx: Context, compression: Compression): Promise<Filter> {
  if (compression === "gzip") return gunzip;
  if (await hasProgram(ctx)) return unzstd;
  const { createZstdDecompress } = own;
  if (createZstdDecompress) return { transform: () => createZstdDecompress({ chunkSize }) };
  throw noZstd("read");
}

function noZstd(operation: string): AplomoError {
  return new AplomoError({
    operation,
    subject: "zstd files",
    cause: "there is neither a zstd program nor a Node that has it (22.15)",
    hint: "Install it: apt install zstd. Or set backups.compress to gzip.",
  });
}
