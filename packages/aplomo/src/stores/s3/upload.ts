import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { Content, Progress } from "../contract.ts";
import { S3Error } from "./errors.ts";
import type { Client, Reply } from "./request.ts";
import { elements, escape, textOf } from "./xml.ts";

const mebi = 1024 * 1024;
/** S3's own limits: parts of 5 MiB at least, and 10,000 of them at most. */
const smallest = 8 * mebi;
const parts = 9_000;

export interface Part {
  number: number;
  etag: string;
  bytes: number;
}

export interface Upload {
  key: string;
  id: string;
  initiatedAt: Date;
}

/** The same for the same file, so that another process finds parts that fit. */
export function partSize(bytes: number): number {
  return Math.max(smallest, Math.ceil(bytes / parts / mebi) * mebi);
}

/**
 * Sends a file in parts. The server knows what it has: an upload of the same key that was cut off is found there and gone on with, part by
 * part, where the part is what the file holds at that place.
 */
export async function uploadParts(client: Client, key: string, file: FileHandle, content: Content, progress?: Progress): Promise<number> {
  const id = (await latest(client, key)) ?? (await begin(client, key));
  const there = await listParts(client, key, id);
  const size = partSize(content.bytes);
  const buffer = Buffer.allocUnsafe(size);
  const etags: string[] = [];
  let resumed = 0;
  for (let position = 0; position < content.bytes; position += size) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(size, content.bytes - position), position);
    const body = buffer.subarray(0, bytesRead);
    const number = etags.length + 1;
    const had = there.get(number);
    const same = had?.bytes === body.length && had.etag === createHash("md5").update(body).digest("hex");
    if (same) resumed += body.length;
    etags.push(same ? had.etag : await uploadPart(client, key, id, number, body));
    progress?.(position + body.length);
  }
  await complete(client, key, id, etags);
  return resumed;
}

/** Uploads under way whose key begins with this, the latest last. */
export async function listUploads(client: Client, prefix: string): Promise<Upload[]> {
  const found: Upload[] = [];
  await pages(async (markers) => {
    const reply = await client.ask({ method: "GET", query: { uploads: "", prefix, ...markers } });
    for (const xml of elements(reply.text, "Upload")) {
      const initiatedAt = new Date(textOf(xml, "Initiated") ?? 0);
      found.push({ key: textOf(xml, "Key") ?? "", id: textOf(xml, "UploadId") ?? "", initiatedAt });
    }
    return next(reply, { "key-marker": "NextKeyMarker", "upload-id-marker": "NextUploadIdMarker" });
  });
  return found.sort((a, b) => a.initiatedAt.getTime() - b.initiatedAt.getTime());
}

export async function abort(client: Client, { key, id }: Upload): Promise<void> {
  await client.ask({ method: "DELETE", key, query: { uploadId: id } }).catch((error: unknown) => {
    if (!(error instanceof S3Error) || error.code !== "NoSuchUpload") throw error;
  });
}

/** Asks for page after page, until there is no marker for a next one. */
export async function pages(ask: (markers: Record<string, string>) => Promise<Record<string, string> | undefined>): Promise<void> {
  for (let markers: Record<string, string> | undefined = {}; markers;) markers = await ask(markers);
}

/** What to ask for the next page with: parameters by the element that holds each. */
export function next(reply: Reply, names: Record<string, string>): Record<string, string> | undefined {
  if (textOf(reply.text, "IsTruncated") !== "true") return undefined;
  const found = Object.entries(names).map(([parameter, element]) => [parameter, textOf(reply.text, element) ?? ""]);
  // A server that has more and does not say where would be asked for ever.
  return found.every(([, value]) => value === "") ? undefined : Object.fromEntries(found);
}

async function latest(client: Client, key: string): Promise<string | undefined> {
  try {
    return (await listUploads(client, key)).findLast((upload) => upload.key === key)?.id;
  } catch (error) {
    // Some servers and some keys cannot list; then it begins anew.
    if (error instanceof S3Error && error.problem === "refused") return undefined;
    throw error;
  }
}

async function begin(client: Client, key: string): Promise<string> {
  return textOf((await client.ask({ method: "POST", key, query: { uploads: "" } })).text, "UploadId") ?? "";
}

async function listParts(client: Client, key: string, uploadId: string): Promise<Map<number, Part>> {
  const found = new Map<number, Part>();
  await pages(async (markers) => {
    const reply = await client.ask({ method: "GET", key, query: { uploadId, ...markers } });
    for (const xml of elements(reply.text, "Part")) {
      const number = Number(textOf(xml, "PartNumber"));
      found.set(number, { number, etag: bare(textOf(xml, "ETag")), bytes: Number(textOf(xml, "Size")) });
    }
    return next(reply, { "part-number-marker": "NextPartNumberMarker" });
  });
  return found;
}

async function uploadPart(client: Client, key: string, uploadId: string, number: number, body: Buffer): Promise<string> {
  const { headers } = await client.ask({ method: "PUT", key, query: { partNumber: String(number), uploadId }, body });
  return bare(headers.etag);
}

async function complete(client: Client, key: string, uploadId: string, etags: string[]): Promise<void> {
  const list = etags.map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escape(`"${etag}"`)}</ETag></Part>`);
  const body = `<CompleteMultipartUpload>${list.join("")}</CompleteMultipartUpload>`;
  const { text } = await client.ask({ method: "POST", key, query: { uploadId }, body });
  // It may begin with 200 and fail afterwards.
  const code = textOf(text, "Code");
  if (code === undefined) return;
  throw new S3Error(code, "unreachable", { operation: "complete", subject: key, cause: `${code}: ${textOf(text, "Message") ?? ""}` });
}

function bare(etag: string | undefined): string {
  return (etag ?? "").replace(/^"|"$/g, "");
}
