import type { IncomingHttpHeaders } from "node:http";
import { StoreError, type Problem } from "../contract.ts";
import { textOf } from "./xml.ts";

/** What S3 answered instead of doing it. */
export class S3Error extends StoreError {
  /** `NoSuchUpload`, `AccessDenied`, ... or the status when it gave no code. */
  readonly code: string;

  constructor(code: string, problem: Problem, failure: ConstructorParameters<typeof StoreError>[1]) {
    super(problem, failure);
    this.code = code;
  }
}

const known: Record<string, [Problem, string]> = {
  InvalidAccessKeyId: ["refused", "Check access_key: this server does not know it."],
  SignatureDoesNotMatch: ["refused", "Check secret_key, and region."],
  AccessDenied: ["refused", "Give this key the right to list, read, write and delete in the bucket."],
  ExpiredToken: ["refused", "Use keys that last: these were temporary ones."],
  RequestTimeTooSkewed: ["refused", "Set this server's clock: it differs by more than a quarter of an hour."],
  NoSuchBucket: ["refused", "Make the bucket, or check its name and the endpoint."],
  PermanentRedirect: ["refused", "Set region and endpoint to those of the bucket."],
  AuthorizationHeaderMalformed: ["refused", "Set region to that of the bucket."],
  NoSuchKey: ["missing", ""],
  XMinioStorageFull: ["full", "Free space there, or keep fewer backups."],
  XMinioAdminBucketQuotaExceeded: ["full", "Raise the bucket's quota, or keep fewer backups."],
  QuotaExceeded: ["full", "Raise the quota, or keep fewer backups."],
  EntityTooLarge: ["refused", "This server does not take files of that size."],
  // Sent bytes that arrive as others are sent again.
  XAmzContentSHA256Mismatch: ["unreachable", ""],
  BadDigest: ["unreachable", ""],
  IncompleteBody: ["unreachable", ""],
  RequestTimeout: ["unreachable", ""],
  // Another process finished or gave up the same upload: the next attempt finds out which.
  NoSuchUpload: ["unreachable", ""],
  InvalidPart: ["unreachable", ""],
};

export function refusal(
  status: number,
  headers: IncomingHttpHeaders,
  body: string,
  what: { method: string; key?: string },
  title: string,
): S3Error {
  const code = textOf(body, "Code") ?? (status === 404 && what.key ? "NoSuchKey" : String(status));
  const said = textOf(body, "Message");
  const elsewhere = headers["x-amz-bucket-region"];
  const [problem, hint] = (/no space left/i.test(said ?? "") ? known["XMinioStorageFull"] : known[code]) ?? [
    problemOf(status),
    status === 403 ? "Check the keys and what they may do." : "",
  ];
  const where = elsewhere && problem === "refused" ? ` (the bucket is in ${String(elsewhere)})` : "";
  return new S3Error(code, problem, {
    operation: `${what.method} ${what.key ?? "the bucket"} in`,
    subject: title,
    cause: `${code}${said ? `: ${said}` : ""}${where}`,
    ...(hint ? { hint } : {}),
  });
}

function problemOf(status: number): Problem {
  if (status === 507) return "full";
  if (status === 404) return "missing";
  return status >= 500 || status === 429 || status === 408 ? "unreachable" : "refused";
}
