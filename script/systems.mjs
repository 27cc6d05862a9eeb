// Runs the tests of the five systems and makes docs/SYSTEMS.md of what they say: from each line to its test, and to what Aplomo said.
// `node script/systems.mjs [NAME]`, after script/test has set the lab up. A test's title begins with the lines it covers.
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
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
const files = systems
  .map(({ name }) => join(folder, `${name}.test.js`))
  .filter((file) => basename(file).includes(only) && existsSync(file));
if (files.length === 0) throw new Error(`no system is called ${only}`);

/** @type {Map<string, { at: string, file: string, shows: string, result: string }>} */
const rows = new Map();
/** What tests said, by where they stand. It comes after their end. @type {Map<string, string[]>} */
const notes = new Map();
const place = ({ file, line, column }) => `${file}:${line}:${column}`;

const stream = run({ files, concurrency: 1, timeout: 1_800_000 });
stream.on("test:diagnostic", (event) => notes.set(place(event), [...(notes.get(place(event)) ?? []), event.message]));
const ended = (result) => (event) => {
  const [, lines, shows] = titled.exec(event.name) ?? [];
  if (!lines) return;
  const state = event.skip === undefined ? result : "skipped";
  const file = basename(event.file ?? "").replace(/\.js$/, ".ts");
  for (const line of lines.match(/S\d+\.\d+/g) ?? []) rows.set(line, { at: place(event), file, shows, result: state });
};
stream.on("test:pass", ended("passed"));
stream.on("test:fail", (event) => {
  process.exitCode = 1;
  ended("failed")(event);
});
stream.compose(new spec()).pipe(process.stdout);
await new Promise((resolve) => stream.once("end", resolve));

const file = join(root, "docs/SYSTEMS.md");
const written = await readFile(file, "utf8").catch(() => "");
const pages = systems.map(({ name, lines }, index) => {
  const numbers = Array.from({ length: lines }, (_, line) => `S${index + 1}.${line + 1}`);
  const missing = numbers.filter((line) => rows.get(line)?.result !== "passed");
  // What was not run now stays as its last run has left it.
  const before = written.split(/^(?=## )/m).find((section) => section.startsWith(`## ${name}\n`));
  const ran = numbers.some((line) => rows.has(line));
  return { ran, missing: ran || !only ? missing : [], text: ran ? [`## ${name}\n`, ...table(numbers)].join("\n") : before?.trimEnd() };
});
const page = pages.flatMap(({ text }) => (text === undefined ? [] : [text])).join("\n\n");
const missing = pages.flatMap((one) => one.missing);
console.log(`\n${pages.flatMap(({ ran, text }) => (ran ? [text] : [])).join("\n\n")}\n`);
console.log(missing.length === 0 ? "every line has a test that passed" : `without a test that passed: ${missing.join(", ")}`);
if (missing.length > 0) process.exitCode = 1;
await writeFile(file, `${await readFile(join(root, "script/systems.md"), "utf8")}\n${page}\n`);

/** @param {string[]} numbers */
function table(numbers) {
  const cell = (text) => text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
  const line = (number) => {
    const row = rows.get(number);
    if (!row) return `| ${number} | | not run | |`;
    const told = (kind) =>
      (notes.get(row.at) ?? []).filter((text) => text.startsWith(`${kind}: `)).map((text) => text.slice(kind.length + 2));
    const more = told("also").map((other) => `, \`${other.replace(/^(aplomo|runtime)\/test\//, "")}\``);
    const words = told("said")
      .map((text) => `\`${cell(text).replaceAll("`", "'")}\``)
      .join(" ");
    return `| ${number} | ${cell(row.shows)} | ${row.result}: \`${row.file}\`${more.join("")} | ${words} |`;
  };
  return ["| line | what the test shows | result and test | Aplomo said |", "|---|---|---|---|", ...numbers.map(line)];
}
