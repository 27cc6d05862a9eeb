import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize, relative } from "node:path";
import { it } from "node:test";
import { root } from "../support/root.ts";

/** From top to bottom: a file imports from its own room and from those below it. */
const rooms = [
  "cli",
  "remote",
  "agent",
  "report",
  "deploy",
  "doctor",
  "images",
  "backup",
  "audit",
  "migrations",
  "targets",
  "edges",
  "databases",
  "stores",
  "host",
  "config",
  "base",
];

interface Import {
  /** `packages/aplomo/src/cli/main.ts:12`. */
  where: string;
  room: string;
  from: string;
  /** The room it leads to; undefined for what is not a file of ours. */
  to: string | undefined;
}

const packageFolder = join(root, "packages/aplomo");
const sources = join(packageFolder, "src");
const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
/** A program as a text, for somebody else's application. */
const given = "audit/generate/prisma.ts";
const lines = files.filter((file) => file !== given).flatMap((file) => linesOf(file));
const imports = lines.flatMap(({ file, where, code }) => importsOf(file, where, code));

/** Code without comments; a line that only mentions something is none that does it. */
function linesOf(file: string): { file: string; where: string; code: string }[] {
  const text = readFileSync(join(sources, file), "utf8").replace(/\/\*.*?\*\//gs, (comment) => comment.replace(/[^\n]/g, ""));
  return text.split("\n").map((line, index) => ({
    file,
    where: `${relative(root, join(sources, file))}:${index + 1}`,
    code: line.replace(/(^|\s)\/\/.*$/, ""),
  }));
}

function importsOf(file: string, where: string, code: string): Import[] {
  // The statement's last line names the module; `import(...)` may stand anywhere, and a word of a command line is none.
  const found = [...code.matchAll(/(?:\bfrom\s+|(?<!")\bimport\s*\(?\s*)"([^"]+)"/g)];
  return found.map(([, from = ""]) => {
    const target = from.startsWith(".") ? normalize(join(dirname(file), from)) : undefined;
    return { where, room: roomOf(file), from, to: target === undefined ? undefined : roomOf(target) };
  });
}

function roomOf(file: string): string {
  return file.split("/")[0] ?? "";
}

function none(what: string, found: string[]): void {
  assert.equal(found.length, 0, `${what}:\n  ${found.join("\n  ")}`);
}

it("finds sources and imports at all", () => {
  assert.ok(files.length > 50 && imports.length > 150);
  assert.ok(imports.some((one) => one.from === "node:child_process"));
  assert.ok(imports.some((one) => one.from.endsWith("./commands/deploy.ts")));
});

it("every folder is a room", () => {
  none(
    "not a room, see docs/ARCHITECTURE.md",
    [...new Set(files.map(roomOf))].filter((room) => !rooms.includes(room)),
  );
});

it("imports point downwards only", () => {
  const upwards = imports.filter(({ room, to }) => to !== undefined && rooms.indexOf(to) < rooms.indexOf(room));
  none(
    "imports of a room above",
    upwards.map(({ where, room, to }) => `${where}: ${room} imports ${to}`),
  );
});

it("imports name files with .ts, inside src", () => {
  const wrong = imports.filter(({ from, to }) => to !== undefined && (!from.endsWith(".ts") || !rooms.includes(to)));
  none(
    "imports that are no file of ours",
    wrong.map(({ where, from }) => `${where}: ${from}`),
  );
});

it("only host/ starts processes", () => {
  const found = imports.filter(({ room, from }) => room !== "host" && /^(node:)?(child_process|cluster|worker_threads)$/.test(from));
  none(
    "starts processes outside of host/",
    found.map(({ where, from }) => `${where}: ${from}`),
  );
});

it("nothing is imported that package.json does not name", () => {
  const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as Record<string, Record<string, string>>;
  const known = Object.keys({ ...manifest["dependencies"], ...manifest["optionalDependencies"] });
  const builtin = (from: string): boolean => from.startsWith("node:");
  const foreign = imports.filter(
    ({ from, to }) => to === undefined && !builtin(from) && !known.some((name) => from === name || from.startsWith(`${name}/`)),
  );
  none(
    "not a dependency",
    foreign.map(({ where, from }) => `${where}: ${from}${builtinModules.includes(from) ? ", write node:" : ""}`),
  );
});

it("a test that skips itself while it runs leaves nothing to afterEach, which Node does not call then", () => {
  const folder = join(packageFolder, "test");
  const tests = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && name !== "unit/structure.test.ts",
  );
  const both = tests.filter((name) => /\bafterEach\(.*\bt\.skip\(/s.test(readFileSync(join(folder, name), "utf8")));
  assert.ok(tests.length > 100);
  none("use `ending` of support/ending.ts", both);
});

it("only report/ and the entry point write to the terminal", () => {
  const writes = /\bconsole\.|\bprocess\.(stdout|stderr)\b|\bprocess\[["']std(out|err)/;
  const found = lines.filter(({ file, code }) => roomOf(file) !== "report" && file !== "cli/bin.ts" && writes.test(code));
  none(
    "writes to the terminal outside of report/",
    found.map(({ where, code }) => `${where}: ${code.trim()}`),
  );
});
