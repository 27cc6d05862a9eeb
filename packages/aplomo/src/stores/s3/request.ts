import { Agent as PlainAgent, request as plain, type IncomingMessage } from "node:http";
import { Agent as EncryptedAgent, request as encrypted } from "node:https";
import { StoreError } from "../contract.ts";
import { refusal } from "./errors.ts";
import { encodePath, encodeQuery, sha256, sign, type Keys } from "./sign.ts";

/** Where a bucket is reached. */
export interface Address {
  protocol: string;
  /** With the port, as the Host header has it. */
  host: string;
  hostname: string;
  port: string;
  /** `/bucket` in path style, else empty. */
  base: string;
}

export interface Ask {
  method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Empty for the bucket itself. */
  key?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Buffer | string;
  bodyHash?: string;
}

export interface Reply {
  status: number;
  headers: IncomingMessage["headers"];
  text: string;
}

export interface Client {
  /** The answer with its whole body, of at most 4 MiB; any status but 2xx throws a `StoreError`. */
  ask(what: Ask): Promise<Reply>;
  /** The body as it comes. */
  stream(what: Ask): AsyncIterable<Buffer>;
  close(): void;
}

/** Milliseconds without a byte in either direction after which a connection counts as cut. */
const patience = 60_000;
const most = 4 * 1024 * 1024;

export function addressOf(
  settings: { bucket: string; endpoint?: string | undefined; path_style?: boolean | undefined },
  region: string,
): Address {
  const { bucket, endpoint } = settings;
  const url = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`);
  const inPath = settings.path_style ?? endpoint !== undefined;
  const prefix = inPath ? "" : `${bucket}.`;
  const base = url.pathname.replace(/\/+$/, "") + (inPath ? `/${bucket}` : "");
  return { protocol: url.protocol, host: prefix + url.host, hostname: prefix + url.hostname, port: url.port, base };
}

export function openClient(address: Address, keys: () => Promise<Keys>, region: string, signal: AbortSignal, title: string): Client {
  const secure = address.protocol === "https:";
  let agent: PlainAgent | undefined;

  async function start({ method, key = "", query = {}, headers = {}, body = "", bodyHash }: Ask): Promise<IncomingMessage> {
    const path = encodePath(`${address.base}/${key}`);
    const search = encodeQuery(query);
    const hash = bodyHash ?? sha256(body);
    const named = { ...headers, host: address.host };
    // The time of the machine, not of the run: S3 refuses a signature that is a quarter of an hour old.
    const signed = sign({ method, path, query: search, headers: named, bodyHash: hash }, await keys(), region, new Date());
    agent ??= new (secure ? EncryptedAgent : PlainAgent)({ keepAlive: true, maxSockets: 4 });
    return new Promise((resolve, reject) => {
      const sent = (secure ? encrypted : plain)({
        method,
        hostname: address.hostname.replace(/^\[|\]$/g, ""),
        port: address.port || undefined,
        path: search ? `${path}?${search}` : path,
        headers: { ...signed, "content-length": Buffer.byteLength(body) },
        agent,
        signal,
        timeout: patience,
      });
      sent.on("timeout", () => sent.destroy(new Error(`no byte for ${patience / 1_000} s`)));
      sent.on("response", resolve);
      sent.on("error", reject);
      sent.end(body);
    });
  }

  const failed = (cause: unknown): unknown => {
    if (signal.aborted) return signal.reason;
    return cause instanceof StoreError ? cause : new StoreError("unreachable", { operation: "reach", subject: title, cause });
  };

  async function opened(what: Ask): Promise<IncomingMessage> {
    const response = await start(what);
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    throw refusal(status, response.headers, await collect(response), what, title);
  }

  return {
    async ask(what) {
      try {
        const response = await opened(what);
        return { status: response.statusCode ?? 0, headers: response.headers, text: await collect(response) };
      } catch (error) {
        throw failed(error);
      }
    },
    async *stream(what) {
      try {
        yield* (await opened(what)) as AsyncIterable<Buffer>;
      } catch (error) {
        throw failed(error);
      }
    },
    close() {
      agent?.destroy();
      agent = undefined;
    },
  };
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > most) throw new Error("the answer is longer than any S3 gives");
  }
  return Buffer.concat(chunks).toString("utf8");
}
