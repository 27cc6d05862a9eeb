import { open } from "node:fs/promises";
import type { Context } from "../../host/context.ts";
import { checkSource, compare, contentOf } from "../content.ts";
import { checkName, StoreError, type Content, type Entry, type Store } from "../contract.ts";
import type { S3Settings } from "../settings.ts";
import { S3Error } from "./errors.ts";
import { findKeys } from "./keys.ts";
import { addressOf, openClient, type Reply } from "./request.ts";
import type { Keys } from "./sign.ts";
import { abort, listUploads, next, pages, partSize, uploadParts } from "./upload.ts";
import { elements, textOf } from "./xml.ts";

/** A bucket of any server that speaks S3. */
export function openS3(ctx: Context, settings: S3Settings): Store {
  const region = settings.region ?? "us-east-1";
  const title = settings.name ?? `s3://${settings.bucket}`;
  const before = settings.prefix?.replace(/^\/+|\/+$/g, "");
  const prefix = before ? `${before}/` : "";
  let keys: Promise<Keys> | undefined;
  const client = openClient(addressOf(settings, region), () => (keys ??= findKeys(settings, process.env)), region, ctx.signal, title);
  const keyOf = (name: string): string => prefix + checkName(name);

  async function find(name: string): Promise<Entry | undefined> {
    try {
      return entryOf(name, await client.ask({ method: "HEAD", key: keyOf(name) }));
    } catch (error) {
      // A HEAD has no body to say whether it is the key or the bucket that is missing; the next call tells.
      if (error instanceof StoreError && error.problem === "missing") return undefined;
      throw error;
    }
  }

  const read = (name: string, from = 0): AsyncIterable<Buffer> =>
    client.stream({ method: "GET", key: keyOf(name), ...(from > 0 ? { headers: { range: `bytes=${from}-` } } : {}) });

  /** Whether the object has this content; undefined when there is none of its size. */
  async function holds(name: string, content: Content): Promise<Content | undefined> {
    const found = await find(name);
    return found?.bytes === content.bytes ? contentOf(read(name)) : undefined;
  }

  async function send(file: string, name: string, content: Content, progress?: (bytes: number) => void): Promise<number> {
    const key = keyOf(name);
    const source = await open(file, "r");
    try {
      if (content.bytes > partSize(content.bytes)) return await uploadParts(client, key, source, content, progress);
      const body = await source.readFile();
      // The server refuses a body that is not what the signature says.
      await client.ask({ method: "PUT", key, body, bodyHash: content.sha256 });
      progress?.(content.bytes);
      return 0;
    } finally {
      await source.close();
    }
  }

  return {
    name: title,
    capabilities: { verifiesBeforeNaming: false, resends: partSize(0) },

    async check() {
      await client.ask({ method: "GET", query: { "list-type": "2", prefix, "max-keys": "1" } });
      return { bucket: settings.bucket, endpoint: settings.endpoint ?? "amazonaws.com", region };
    },

    async put(file, name, content, progress) {
      await checkSource(file, name, content);
      const had = await holds(name, content);
      if (had?.sha256 === content.sha256) return { resumed: content.bytes };
      const resumed = await send(file, name, content, progress);
      const found = await contentOf(read(name));
      try {
        compare(found, content, name, title);
      } catch (error) {
        await client.ask({ method: "DELETE", key: keyOf(name) });
        throw error;
      }
      return { resumed };
    },

    async *read(name, from = 0) {
      try {
        yield* read(name, from);
      } catch (error) {
        // Nothing is behind the last byte: an empty rest is no error elsewhere.
        if (!(error instanceof S3Error) || error.code !== "InvalidRange") throw error;
      }
    },

    stat: find,

    async list(folder) {
      const found: Entry[] = [];
      const start = `${keyOf(folder)}/`;
      await pages(async (markers) => {
        const reply = await client.ask({ method: "GET", query: { "list-type": "2", prefix: start, delimiter: "/", ...markers } });
        for (const xml of elements(reply.text, "Contents")) {
          const name = (textOf(xml, "Key") ?? "").slice(prefix.length);
          const modifiedAt = new Date(textOf(xml, "LastModified") ?? 0);
          if (!name.endsWith("/")) found.push({ name, bytes: Number(textOf(xml, "Size")), modifiedAt });
        }
        return next(reply, { "continuation-token": "NextContinuationToken" });
      });
      return found;
    },

    async remove(name) {
      await client.ask({ method: "DELETE", key: keyOf(name) });
    },

    async sweep(folder, until) {
      const old = (await listUploads(client, `${keyOf(folder)}/`)).filter((upload) => upload.initiatedAt < until);
      for (const upload of old) await abort(client, upload);
      return old.length;
    },

    async close() {
      client.close();
    },
  };
}

function entryOf(name: string, { headers }: Reply): Entry {
  return { name, bytes: Number(headers["content-length"]), modifiedAt: new Date(headers["last-modified"] ?? 0) };
}
