// Runs the tests of the five systems and makes docs/SYSTEMS.md of what they say: from each line to its test, and to what Aplomo said.
// `node script/systems.mjs [NAME]`, after script/test has set the lab up. A test's title begins with the lines it covers.
import { readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** How many lines each system has. */
const systems = [
  { name: "imagine-crm", lines: 8 },
  { name: "leadmaster-hub", lines: 9 },
  { name: "citaplanner", lines: 7 },
  { name: "escalafin", lines: 4 },
  { name: "octavios", lines: 11 },
];
const titled = /^((?:S\d+\.\d+,? ?)+): (.*)$/;

const only = process.argv[2] ?? "";
const folder = join(root, ".cache/js/packages/aplomo/test/systems");
const files = (await readdir(folder)).filter((name) => name.endsWith(".test.js") && name.includes(only)).map((name) => join(folder, name));
if (files.length === 0) throw new Error(`no system is called ${only}`);

/** @type {Map<string, { file: string, shows: string, result: string, said: string[], also: string[] }>} */
const rows = new Map();
/** What was said before its test has ended, by where that test stands. */
const notes = new Map();
const place = ({ file, line, column }) => `${file}:${line}:${column}`;

const stream = run({ files, concurrency: 1, timeout: 1_800_000 });
stream.on("test:diagnostic", (event) => notes.set(place(event), [...(notes.get(place(event)) ?? []), event.message]));
const ended = (result) => (event) => {
  const [, lines, shows] = titled.exec(event.name) ?? [];
  if (!lines) return;
  const told = notes.get(place(event)) ?? [];
  const of = (kind) => told.filter((text) => text.startsWith(`${kind}: `)).map((text) => text.slice(kind.length + 2));
  const state = event.skip === undefined ? result : "skipped";
  const file = basename(event.file ?? "").replace(/\.js$/, ".ts");
  for (const line of lines.match(/S\d+\.\d+/g) ?? []) rows.set(line, { file, shows, result: state, said: of("said"), also: of("also") });
};
stream.on("test:pass", ended("passed"));
stream.on("test:fail", (event) => {
  process.exitCode = 1;
  ended("failed")(event);
});
stream.compose(new spec()).pipe(process.stdout);
await new Promise((resolve) => stream.once("end", resolve));

const page = systems.flatMap(({ name, lines }, index) => {
  const numbers = Array.from({ length: lines }, (_, line) => `S${index + 1}.${line + 1}`);
  return only && !numbers.some((line) => rows.has(line)) ? [] : [`## ${name}\n`, ...table(numbers), ""];
});
const missing = systems.flatMap(({ lines }, index) =>
  Array.from({ length: lines }, (_, line) => `S${index + 1}.${line + 1}`).filter((line) => rows.get(line)?.result !== "passed"),
);
console.log(`\n${page.join("\n")}`);
if (!only) {
  const head = (await import("node:fs")).readFileSync(join(root, "script/systems.md"), "utf8");
  await writeFile(join(root, "docs/SYSTEMS.md"), `${head}\n${page.join("\n").trimEnd()}\n`);
  if (missing.length > 0) process.exitCode = 1;
  console.log(missing.length === 0 ? "every line has a test that passed" : `without a test that passed: ${missing.join(", ")}`);
}

/** @param {string[]} numbers */
function table(numbers) {
  const cell = (text) => text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
  const line = (number) => {
    const row = rows.get(number);
    if (!row) return `| ${number} | | not run | |`;
    const more =
      row.also.length > 0 ? `; ${row.also.map((file) => `\`${file.replace(/^(aplomo|runtime)\/test\//, "")}\``).join(", ")}` : "";
    const words = row.said.map((text) => `\`${cell(text).replaceAll("`", "'")}\``).join(" ");
    return `| ${number} | ${cell(row.shows)} | ${row.result}: \`${row.file}\`${more} | ${words} |`;
  };
  return ["| line | what the test shows | result and test | Aplomo said |", "|---|---|---|---|", ...numbers.map(line)];
}
