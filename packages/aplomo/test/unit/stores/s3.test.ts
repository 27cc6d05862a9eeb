import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Secret } from "../../../src/base/secret.ts";
import { StoreError } from "../../../src/stores/contract.ts";
import { refusal } from "../../../src/stores/s3/errors.ts";
import { findKeys } from "../../../src/stores/s3/keys.ts";
import { addressOf } from "../../../src/stores/s3/request.ts";
import { encodePath, encodeQuery, sha256, sign } from "../../../src/stores/s3/sign.ts";
import { partSize } from "../../../src/stores/s3/upload.ts";
import { elements, escape, textOf } from "../../../src/stores/s3/xml.ts";

// The examples of Amazon's "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)".
const example = { access: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
const host = "examplebucket.s3.amazonaws.com";
const now = new Date("2013-05-24T00:00:00Z");

function signatureOf(method: string, path: string, query: Record<string, string>, headers: Record<string, string>, body = ""): string {
  const request = { method, path: encodePath(path), query: encodeQuery(query), headers: { host, ...headers }, bodyHash: sha256(body) };
  return sign(request, example, "us-east-1", now)["authorization"]?.split("Signature=")[1] ?? "";
}

test("signs as Amazon's own examples do", () => {
  assert.equal(
    signatureOf("GET", "/test.txt", {}, { range: "bytes=0-9" }),
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  );
  assert.equal(
    signatureOf(
      "PUT",
      "/test$file.text",
      {},
      { date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
      "Welcome to Amazon S3.",
    ),
    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  );
  assert.equal(signatureOf("GET", "/", { lifecycle: "" }, {}), "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  assert.equal(
    signatureOf("GET", "/", { "max-keys": "2", prefix: "J" }, {}),
    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  );
});

test("a temporary key's token is signed too", () => {
  const request = { method: "GET", path: "/", query: "", headers: { host }, bodyHash: sha256("") };
  const headers = sign(request, { ...example, token: "abc" }, "us-east-1", now);
  assert.equal(headers["x-amz-security-token"], "abc");
  assert.match(headers["authorization"] ?? "", /SignedHeaders=[^,]*x-amz-security-token/);
});

test("finds a bucket in the path, or by its own host name", () => {
  const of = (settings: Parameters<typeof addressOf>[0]): string => {
    const { protocol, host: its, base } = addressOf(settings, "eu-west-1");
    return `${protocol}//${its}${base}`;
  };
  assert.equal(of({ bucket: "b" }), "https://b.s3.eu-west-1.amazonaws.com");
  assert.equal(of({ bucket: "b", path_style: true }), "https://s3.eu-west-1.amazonaws.com/b");
  assert.equal(of({ bucket: "b", endpoint: "http://nas:9000" }), "http://nas:9000/b");
  assert.equal(of({ bucket: "b", endpoint: "https://s3.example.com/", path_style: false }), "https://b.s3.example.com");
});

test("parts are never too many, and the same for the same file", () => {
  const tib = 1024 ** 4;
  for (const bytes of [1, 8 * 1024 ** 2, 72 * 1024 ** 3, tib]) {
    assert.ok(bytes / partSize(bytes) <= 10_000);
    assert.equal(partSize(bytes) % (1024 * 1024), 0);
  }
  assert.equal(partSize(1_000_000), 8 * 1024 * 1024);
});

test("reads what it needs of an answer", () => {
  const xml = '<?xml version="1.0"?><R xmlns="x"><Key>a&amp;b &#x2713; &lt;c&gt;</Key><P><N>1</N></P><P><N>2</N></P><Empty></Empty></R>';
  assert.equal(textOf(xml, "Key"), "a&b ✓ <c>");
  assert.equal(textOf(xml, "None"), undefined);
  assert.equal(textOf(xml, "Empty"), "");
  assert.deepEqual(
    elements(xml, "P").map((part) => textOf(part, "N")),
    ["1", "2"],
  );
  assert.equal(textOf(`<a>${escape(`"x" & <y>`)}</a>`, "a"), '"x" & <y>');
});

test("what a server answers becomes a problem with the next act", () => {
  const of = (status: number, code: string, headers = {}): StoreError =>
    refusal(status, headers, code ? `<Error><Code>${code}</Code><Message>m</Message></Error>` : "", { method: "PUT", key: "k" }, "copies");
  assert.equal(of(404, "").problem, "missing");
  assert.equal(of(404, "NoSuchBucket").problem, "refused");
  assert.equal(of(503, "SlowDown").problem, "unreachable");
  assert.equal(of(507, "XMinioStorageFull").problem, "full");
  assert.equal(of(403, "RequestTimeTooSkewed").hint?.startsWith("Set this server's clock"), true);
  assert.match(of(301, "PermanentRedirect", { "x-amz-bucket-region": "eu-west-3" }).message, /the bucket is in eu-west-3/);
});

test("keys come from the settings, the environment, or the aws program's file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "aplomo-keys-"));
  try {
    const file = join(folder, "credentials");
    await writeFile(
      file,
      "[default]\naws_access_key_id = a1\naws_secret_access_key = s1\n\n[ nas ]\naws_access_key_id=a2\naws_secret_access_key=s2=\n",
    );
    const settings = { kind: "s3", bucket: "b" } as const;
    const env = { AWS_ACCESS_KEY_ID: "a3", AWS_SECRET_ACCESS_KEY: "s3", AWS_SESSION_TOKEN: "t3" };
    assert.deepEqual(await findKeys({ ...settings, access_key: "a4", secret_key: new Secret("s4") }, env), { access: "a4", secret: "s4" });
    assert.deepEqual(await findKeys(settings, env), { access: "a3", secret: "s3", token: "t3" });
    assert.deepEqual(await findKeys({ ...settings, credentials: file, profile: "nas" }, env), {
      access: "a2",
      secret: "s2=",
      token: undefined,
    });
    assert.deepEqual(await findKeys(settings, { AWS_SHARED_CREDENTIALS_FILE: file }), { access: "a1", secret: "s1", token: undefined });
    await assert.rejects(
      findKeys({ ...settings, credentials: file, profile: "none" }, {}),
      (error: StoreError) => error.problem === "refused",
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
