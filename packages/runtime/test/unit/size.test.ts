import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const source = join(import.meta.dirname, "../../src/graceful/graceful.js");

test("graceful, with the health endpoints, is at most 8 kB minified and gzipped", async () => {
  const { outputFiles } = await build({ entryPoints: [source], bundle: true, minify: true, platform: "node", format: "esm", write: false });
  const size = gzipSync(outputFiles[0]?.contents ?? "").length;
  assert.ok(size > 1_000 && size <= 8_000, `${size} bytes`);
});
