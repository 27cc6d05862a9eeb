import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { counted } from "../base/count.ts";
import { StoreError, checkName, type Content } from "./contract.ts";

/** Reads to the end. */
export async function contentOf(source: AsyncIterable<Buffer>): Promise<Content> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest("hex"), bytes };
}

/** The bytes of a file on this machine. */
export function bytesOf(path: string, start = 0): AsyncIterable<Buffer> {
  return createReadStream(path, { start, highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
}

/** What every `put` looks at before it begins. */
export async function checkSource(file: string, name: string, content: Content): Promise<void> {
  checkName(name);
  const { size } = await stat(file);
  if (size === content.bytes && size > 0) return;
  throw new StoreError("refused", {
    operation: "copy",
    subject: file,
    cause: size === 0 ? "it is empty" : `it has ${counted(size, "byte")}, and should have ${content.bytes}`,
    hint: "Check the backup: aplomo backup verify.",
  });
}

/** Throws unless what was read back is what was sent. */
export function compare(found: Content, wanted: Content, subject: string, where: string): void {
  if (found.sha256 === wanted.sha256 && found.bytes === wanted.bytes) return;
  const cause =
    found.bytes === wanted.bytes
      ? `${where} holds other bytes than were sent (SHA-256 ${short(found)} instead of ${short(wanted)})`
      : `${where} holds ${found.bytes} bytes of ${wanted.bytes}`;
  throw new StoreError("mismatch", {
    operation: "copy",
    subject,
    cause,
    hint: "Check the disk there. It was removed and is sent anew at the next run.",
  });
}

function short({ sha256 }: Content): string {
  return `${sha256.slice(0, 12)}...`;
}
