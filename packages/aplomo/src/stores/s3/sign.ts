import { createHash, createHmac } from "node:crypto";

/** What signs requests; the token is there with temporary keys only. */
export interface Keys {
  access: string;
  secret: string;
  token?: string | undefined;
}

export interface Unsigned {
  method: string;
  /** Path and query as they are sent; see `encodePath` and `encodeQuery`. */
  path: string;
  query: string;
  /** Lower-case names; `host` is among them. */
  headers: Record<string, string>;
  /** SHA-256 of the body, in hexadecimal. */
  bodyHash: string;
}

const algorithm = "AWS4-HMAC-SHA256";

/** The headers of a request with those that sign it: AWS Signature Version 4, for S3. */
export function sign(request: Unsigned, keys: Keys, region: string, now: Date): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const headers: Record<string, string> = {
    ...request.headers,
    "x-amz-content-sha256": request.bodyHash,
    "x-amz-date": time,
    ...(keys.token ? { "x-amz-security-token": keys.token } : {}),
  };
  const names = Object.keys(headers).sort();
  const signed = names.join(";");
  const canonical = [
    request.method,
    request.path,
    request.query,
    ...names.map((name) => `${name}:${headers[name]?.trim()}`),
    "",
    signed,
    request.bodyHash,
  ].join("\n");
  const text = [algorithm, time, scope, sha256(canonical)].join("\n");
  const key = scope.split("/").reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${keys.secret}`);
  const signature = hmac(key, text).toString("hex");
  return { ...headers, authorization: `${algorithm} Credential=${keys.access}/${scope}, SignedHeaders=${signed}, Signature=${signature}` };
}

/** As S3 wants it: everything but letters, digits and `-._~` as `%XX`. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function encodePath(path: string): string {
  return path.split("/").map(encode).join("/");
}

/** Sorted, as the signature needs it. */
export function encodeQuery(query: Record<string, string>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
}

export function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
