// Bundles the command line: few files to load keep its start quick, and the server needs one folder only.
import { chmod, rm } from "node:fs/promises";
import { build } from "esbuild";

const out = "packages/aplomo/dist";
await rm(out, { recursive: true, force: true });
await build({
  entryPoints: { aplomo: "packages/aplomo/src/cli/bin.ts" },
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // Native; loaded only where Node has no SQLite of its own.
  external: ["libsql"],
  chunkNames: "chunks/[name]-[hash]",
  // commander and yaml are CommonJS inside: in a bundle of ES modules they need a `require` for Node's own modules.
  banner: { js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);' },
  // Names stay, for stacks; the rest is dropped because reading the text is most of a start.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "linked",
  logLevel: "warning",
});
await chmod(`${out}/aplomo.js`, 0o755);
