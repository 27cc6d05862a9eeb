// Puts one version of the app into a folder: `node assemble.mjs v2 /srv/agenda`. Without arguments it lists the versions.
//
// Version 1 is this folder; versions/<name>/ holds only the files that differ. In a folder that held another version, files of the
// app that this version does not have are removed; everything else there (.env, data, node_modules) is left alone.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const base = dirname(fileURLToPath(import.meta.url));
const NOT_PART = new Set(["assemble.mjs", "README.md", "data", "node_modules", "test", "versions", ".env"]);

/** @type {Record<string, { version: string, layers: string[], about: string }>} layers: copied over version 1, the last one wins */
export const versions = {
  v1: { version: "1.0.0", layers: [], about: "books and cancels appointments" },
  patch: { version: "1.0.1", layers: ["patch"], about: "version 1 with a visible change and no migration" },
  v2: { version: "2.0.0", layers: ["v2"], about: "reminders; migration 002 adds a table and a column" },
  "exit-zero": { version: "2.1.0", layers: ["v2", "exit-zero"], about: "starts, is healthy, and exits with 0 some seconds later" },
  crash: { version: "2.1.1", layers: ["v2", "crash"], about: "throws when it starts" },
  hang: { version: "2.1.2", layers: ["v2", "hang"], about: "never listens" },
  unhealthy: { version: "2.1.3", layers: ["v2", "unhealthy"], about: "listens, and /healthz answers 503" },
  lossy: { version: "2.2.0", layers: ["v2", "lossy"], about: "migration 003 loses every appointment without a reminder" },
  "migration-fails": {
    version: "2.2.1",
    layers: ["v2", "migration-fails"],
    about: "migration 003 fails half-way and is taken back by its transaction",
  },
  "migration-half": {
    version: "2.2.2",
    layers: ["v2", "migration-half"],
    about: "migration 003 fails half-way outside a transaction: half of it stays",
  },
};

/** @param {string} folder @returns {string[]} every file below it, as relative paths */
function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** The files of version 1. */
function baseFiles() {
  return readdirSync(base, { withFileTypes: true })
    .filter(({ name }) => !NOT_PART.has(name))
    .flatMap((entry) => (entry.isFile() ? [entry.name] : filesIn(join(base, entry.name)).map((file) => join(entry.name, file))));
}

/**
 * @param {string} name
 * @param {string} folder created when it is not there
 */
export function assemble(name, folder) {
  const chosen = Object.hasOwn(versions, name) ? versions[name] : undefined;
  if (!chosen) throw new Error(`There is no version ${name}; there are ${Object.keys(versions).join(", ")}.`);
  /** @type {Map<string, string>} where each file comes from */
  const files = new Map(baseFiles().map((file) => [file, join(base, file)]));
  for (const layer of chosen.layers)
    for (const file of filesIn(join(base, "versions", layer))) files.set(file, join(base, "versions", layer, file));

  mkdirSync(folder, { recursive: true });
  for (const file of filesIn(join(base, "versions"))) rmSync(join(folder, file.split("/").slice(1).join("/")), { force: true });
  for (const [file, source] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(source, join(folder, file));
  }
  const manifest = JSON.parse(readFileSync(join(base, "package.json"), "utf8"));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ ...manifest, version: chosen.version }, null, 2)}\n`);
  return { name, ...chosen, folder, files: files.size };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [name, folder] = process.argv.slice(2);
  if (name && folder) {
    const { version, files, about } = assemble(name, resolve(folder));
    console.log(`${name} (${version}, ${files} files) in ${folder}: ${about}`);
  } else {
    console.log("Usage: node assemble.mjs <version> <folder>\n");
    for (const [key, { version, about }] of Object.entries(versions)) console.log(`  ${key.padEnd(16)} ${version}  ${about}`);
    process.exitCode = 2;
  }
}
