import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { substitute, type Lookup } from "../config/substitute.ts";

type Loose = Record<string, unknown>;

/** A file or folder that compose files refer to. */
export interface Reference {
  /** Absolute. */
  path: string;
  /** A folder that units write to belongs to the server: its content here is somebody's test data. */
  writable: boolean;
}

/** Everything beside the compose files that they read: other files, env files, configs, secrets, and what is mounted from their folder. */
export async function composeReferences(files: readonly string[], lookup: Lookup): Promise<Reference[]> {
  const base = dirname(files[0] ?? "");
  const found = await Promise.all(files.map((file) => referencesOf(file, base, lookup, new Set(files))));
  return found.flat();
}

async function referencesOf(file: string, base: string, lookup: Lookup, seen: Set<string>): Promise<Reference[]> {
  // What is wrong with it is told by compose itself, in its own words.
  const content = await read(file);
  const found: Reference[] = [];
  const add = (text: unknown, writable = false): string | undefined => {
    if (typeof text !== "string") return undefined;
    const done = substitute(text, lookup);
    if (done.faults.length > 0 || done.text === "" || done.text.startsWith("/") || done.text.startsWith("~")) return undefined;
    const path = resolve(base, done.text);
    found.push({ path, writable });
    return path;
  };
  const also = async (path: string | undefined, from: string): Promise<void> => {
    if (path === undefined || seen.has(path)) return;
    seen.add(path);
    found.push(...(await referencesOf(path, from, lookup, seen)));
  };
  for (const one of list(content["include"])) {
    const entry = typeof one === "object" && one !== null ? (one as Loose) : { path: one };
    for (const path of list(entry["path"])) {
      const included = add(path);
      await also(included, dirname(included ?? base));
    }
    for (const path of list(entry["env_file"])) add(path);
  }
  for (const service of Object.values(mapping(content["services"])).map(mapping)) {
    for (const one of list(service["env_file"])) add(typeof one === "object" && one !== null ? (one as Loose)["path"] : one);
    const extended = add(mapping(service["extends"])["file"]);
    await also(extended, dirname(extended ?? base));
    for (const mount of list(service["volumes"])) addMount(mount, add);
  }
  for (const kind of ["configs", "secrets"]) for (const one of Object.values(mapping(content[kind]))) add(mapping(one)["file"]);
  return found;
}

function addMount(mount: unknown, add: (text: unknown, writable: boolean) => void): void {
  if (typeof mount === "string") {
    // A variable's default has a colon too: `${DATA:-./data}:/data`.
    const [, source, rest = ""] = /^((?:\$\{[^}]*\}|[^:])+):(.*)$/.exec(mount) ?? [];
    const isPath = source !== undefined && /^[.$]/.test(source);
    if (isPath) add(source, !rest.split(":").slice(1).join(",").split(",").includes("ro"));
  } else if (mapping(mount)["type"] === "bind") add(mapping(mount)["source"], mapping(mount)["read_only"] !== true);
}

async function read(file: string): Promise<Loose> {
  try {
    return mapping(parse(await readFile(file, "utf8"), { merge: true, logLevel: "silent" }));
  } catch {
    return {};
  }
}

function mapping(value: unknown): Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

function list(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
