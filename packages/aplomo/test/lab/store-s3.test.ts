import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../src/base/secret.ts";
import { openClient } from "../../src/stores/s3/request.ts";
import { storeSuite } from "../contract/store.suite.ts";
import { startS3, whyNoS3 } from "../support/s3.ts";
import { serve } from "../support/served-store.ts";

storeSuite({
  kind: "s3",
  skip: whyNoS3,
  async make() {
    const { server, cutter, full, close } = await serve(startS3, 40);
    const settings = server.settings();
    return {
      settings,
      secret: settings.secret_key?.reveal() ?? "",
      line: { cutter, settings: server.settings(cutter.port) },
      wrong: { settings: { ...settings, secret_key: new Secret("another") }, word: /(?:SignatureDoesNotMatch|403)(?:.*)key/s },
      server: server.process,
      async spoil() {
        cutter.flipBack();
      },
      full,
      close,
    };
  },
});

test("a bucket is also reached by a host name of its own", { skip: whyNoS3 ?? false }, async () => {
  const server = await startS3();
  try {
    const { access_key: access = "", secret_key: secret } = server.settings();
    const port = String(server.process.port);
    // What `addressOf` gives without path_style, but for the name, which nobody here could look up.
    const address = { protocol: "http:", host: `copies.s3.test:${port}`, hostname: "127.0.0.1", port, base: "" };
    const keys = async () => ({ access, secret: secret?.reveal() ?? "" });
    const client = openClient(address, keys, "us-east-1", new AbortController().signal, "copies");
    await client.ask({ method: "PUT", key: "a b/ñ+.txt", body: "text" });
    assert.equal((await client.ask({ method: "GET", key: "a b/ñ+.txt" })).text, "text");
    client.close();
  } finally {
    await server.stop();
  }
});
