// Bundles the command line: few files to load keep its start quick, and the server needs one folder only.
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { build, transform } from "esbuild";

// A folder of its own for a test, the package's otherwise; and, for a benchmark, another program made in the same way.
const out = process.argv[2] ?? "packages/aplomo/dist";
const entry = process.argv[3] ?? "packages/aplomo/src/cli/bin.ts";
const small = {
  platform: "node",
  target: "node20",
  // Names stay, for stacks; the rest is dropped because reading the text is most of a start.
  minifyWhitespace: true,
  minifySyntax: true,
};

// In two goes: only ES modules can be split, and Node starts CommonJS in three quarters of the time (script/bench start).
const { outputFiles } = await build({
  ...small,
  entryPoints: { aplomo: entry },
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  write: false,
  // Native; loaded only where Node has no SQLite of its own.
  external: ["libsql"],
  chunkNames: "chunks/[name]-[hash]",
  legalComments: "linked",
  logLevel: "warning",
});
await rm(out, { recursive: true, force: true });
await mkdir(`${out}/chunks`, { recursive: true });
await writeFile(`${out}/package.json`, '{ "type": "commonjs" }\n');
for (const { path, text } of outputFiles) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, path.endsWith(".js") ? await commonJs(text) : text);
}
await chmod(`${out}/aplomo.js`, 0o755);
await writeFile(`${out}/aplomo.1`, await manual());

/** The manual page, made by the program's own table of commands. */
async function manual() {
  const { outputFiles } = await build({
    stdin: {
      contents: 'import { manual } from "./manual.ts"; import * as table from "./verbs.ts"; export default manual(table);',
      resolveDir: "packages/aplomo/src/cli",
    },
    platform: "node",
    bundle: true,
    format: "esm",
    write: false,
    // What commands load when they are called has no part in it.
    plugins: [{ name: "leave", setup: (one) => one.onResolve({ filter: /commands\// }, ({ path }) => ({ path, external: true })) }],
    logLevel: "warning",
  });
  const text = Buffer.from(outputFiles[0].contents).toString("base64");
  return (await import(`data:text/javascript;base64,${text}`)).default;
}

async function commonJs(text) {
  const { code } = await transform(text, {
    ...small,
    format: "cjs",
    supported: { "dynamic-import": false },
    define: { "import.meta.url": "thisFile" },
    // A file that asks where it is gets what it would as an ES module.
    banner: text.includes("import.meta.url") ? 'const thisFile=require("node:url").pathToFileURL(__filename).href;' : "",
  });
  return code;
}
